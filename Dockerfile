# Tumen in one image: the worker (`watch`, the default) and every other command of `tumen`.
# Both stages need the same base, as the environment is made for its interpreter.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# A locked pip fills the environment from outside, so that none stays in it.
COPY requirements-pip.txt requirements-image.txt /src/
RUN python3 -m venv /opt/pip \
    && /opt/pip/bin/pip install --require-hashes -r /src/requirements-pip.txt \
    && python3 -m venv --without-pip /opt/tumen \
    && /opt/pip/bin/pip --python /opt/tumen/bin/python install --require-hashes -r /src/requirements-image.txt
COPY pyproject.toml README.md LICENSE /src/
COPY crawler /src/crawler
COPY spiders /src/spiders
# setuptools, which is locked too, only builds the wheel. What packages bring to test themselves stays out.
RUN /opt/pip/bin/pip --python /opt/tumen/bin/python install --no-deps --no-build-isolation /src \
    && /opt/pip/bin/pip --python /opt/tumen/bin/python uninstall --yes setuptools \
    && find /opt/tumen/lib -type d -name tests -prune -exec rm -rf {} +

FROM ${PYTHON_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Tumen" \
      org.opencontainers.image.description="Watches the world's press for coverage of DPRK-Russia relations" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
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
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --start-interval=2s --retries=3 \
    CMD ["tumen", "healthcheck"]
ENTRYPOINT ["tumen"]
CMD ["watch"]
