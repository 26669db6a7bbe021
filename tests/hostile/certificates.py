"""Certificates of a trial: one that is good, and those that must not be believed."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def make_certificates(folder: Path) -> tuple[Path, Mapping[str, ssl.SSLContext]]:
    """The file of the authority to trust, and contexts of servers by what is wrong with them."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _issue("authority", authority_key, None, authority_key, until=NOW + DAY)
    trusted = folder / "authority.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    contexts = {}
    for name, host, until in (
        ("good", "127.0.0.1", NOW + DAY),
        ("expired", "127.0.0.1", NOW - DAY),
        ("wrong host", "127.0.0.9", NOW + DAY),
        ("self-signed", "127.0.0.1", NOW + DAY),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = None if name == "self-signed" else authority
        signed_by = key if name == "self-signed" else authority_key
        certificate = _issue(host, key, issuer, signed_by, until=until)
        contexts[name] = _context(folder / name, key, certificate)
    return trusted, contexts


def _issue(
    host: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    signed_by: ec.EllipticCurvePrivateKey,
    *,
    until: datetime,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    is_authority = host == "authority"
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 10 * DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signed_by, hashes.SHA256())


def _context(
    path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> ssl.SSLContext:
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
