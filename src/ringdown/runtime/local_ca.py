"""A certificate authority of this installation, so that a phone beside it can open its pages.

A phone's browser opens camera and location to HTTPS pages alone, and a machine on a local network
has no public name. The authority may vouch for private addresses only (RFC 5280 §4.2.1.10), so a
phone that trusts it for a test cannot be shown a false bank by whoever gets hold of its key.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ringdown.core.errors import BadConfig
from ringdown.runtime.secret_files import write_private

NAME: Final = "Ringdown practice authority of this machine"
PRIVATE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
NO_NAME: Final = "ringdown.invalid"
"""A limit on addresses leaves names free (RFC 5280 §4.2.1.10): the one name is nobody's."""
AUTHORITY_LIVES: Final = timedelta(days=730)
CERTIFICATE_LIVES: Final = timedelta(days=90)
RENEW_BEFORE: Final = timedelta(days=14)
BACKDATED: Final = timedelta(days=2)
"""A phone's clock may be wrong by a day."""


class NotALocalAddress(BadConfig):
    """The authority vouches for private addresses alone."""

    code: ClassVar[str] = "runtime.not_a_local_address"
    action: ClassVar[str] = (
        "Name an address of your local network, such as 192.168.1.20. For any other, set "
        "http.tls_certificate to a certificate that phones know."
    )


@dataclass(frozen=True)
class LocalTls:
    """Files to serve HTTPS with, the authority to trust, and its SHA-256 in hexadecimal."""

    certificate: Path
    key: Path
    authority: Path
    fingerprint: str


def local_tls(folder: Path, address: str, now: datetime) -> LocalTls:
    """A certificate for an address, made or renewed as needed; keys never leave the folder.

    Raises `NotALocalAddress`.
    """
    ip = _local(address)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, authority_key = _authority(folder, now)
    files = LocalTls(
        folder / f"{ip}.pem",
        folder / f"{ip}.key",
        folder / "authority.pem",
        authority.fingerprint(hashes.SHA256()).hex(),
    )
    if not _good(files.certificate, files.key, authority, now):
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _begun(now, CERTIFICATE_LIVES)
            # No bare address here: some would take it for a name, and none is allowed.
            .subject_name(_named(f"Ringdown at {ip}"))
            .issuer_name(authority.subject)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
                critical=False,
            )
            .sign(authority_key, hashes.SHA256())
        )
        write_private(files.key, _text(key))
        write_private(files.certificate, _pem(made) + _pem(authority))
    return files


def _local(address: str) -> ipaddress.IPv4Address:
    try:
        ip = ipaddress.IPv4Address(address)
    except ValueError:
        raise NotALocalAddress(f"{address} is no IPv4 address") from None
    if not any(ip in ipaddress.IPv4Network(network) for network in PRIVATE):
        raise NotALocalAddress(f"{address} is not an address of a private network")
    return ip


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key_file = folder / "authority.pem", folder / "authority.key"
    if certificate.is_file() and key_file.is_file():
        kept = x509.load_pem_x509_certificate(certificate.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        limits = kept.extensions.get_extension_for_class(x509.NameConstraints).value
        if (
            isinstance(key, ec.EllipticCurvePrivateKey)
            and limits == _private_alone()
            and _valid(kept, now)
        ):
            return kept, key
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _begun(now, AUTHORITY_LIVES)
        .subject_name(_named(NAME))
        .issuer_name(_named(NAME))
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs_certificates(), critical=True)
        .add_extension(_private_alone(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(key_file, _text(key))
    write_private(certificate, _pem(made))
    return made, key


def _private_alone() -> x509.NameConstraints:
    networks = [x509.IPAddress(ipaddress.IPv4Network(network)) for network in PRIVATE]
    return x509.NameConstraints([*networks, x509.DNSName(NO_NAME)], excluded_subtrees=None)


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _good(certificate: Path, key: Path, authority: x509.Certificate, now: datetime) -> bool:
    if not certificate.is_file() or not key.is_file():
        return False
    kept = x509.load_pem_x509_certificate(certificate.read_bytes())
    try:
        kept.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return _valid(kept, now)


def _valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_after_utc - now > RENEW_BEFORE


def _begun(now: datetime, lives: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + lives)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _text(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")
