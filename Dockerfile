# Tumen in one image: the worker (`watch`, the default) and every other command of `tumen`.
# Both stages need the same base, as the environment is made for its interpreter.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python3 -m venv --without-pip /opt/tumen
COPY requirements-image.txt /src/
# The base's pip fills the environment, so that none stays in it; setuptools only builds the wheel.
RUN python3 -m pip --python /opt/tumen/bin/python install --require-hashes -r /src/requirements-image.txt
COPY pyproject.toml README.md LICENSE /src/
COPY crawler /src/crawler
COPY spiders /src/spiders
RUN python3 -m pip --python /opt/tumen/bin/python install --no-deps --no-build-isolation /src \
    && python3 -m pip --python /opt/tumen/bin/python uninstall --yes setuptools

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Tumen" \
      org.opencontainers.image.description="Watches the world's press for coverage of DPRK-Russia relations" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 tumen \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin tumen \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/tumen /opt/tumen
# Bytecode is in the image already; a read-only root could not take any more.
ENV PATH=/opt/tumen/bin:$PATH PYTHONDONTWRITEBYTECODE=1 TUMEN_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# Green while Redis serves. `tumen status` would turn red over one failing source.
HEALTHCHECK --interval=30s --timeout=20s --start-period=30s --retries=3 \
    CMD ["tumen", "dead", "list", "--json"]
ENTRYPOINT ["tumen"]
CMD ["watch"]
