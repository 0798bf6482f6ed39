"""The authority of this installation: known to TLS, kept, renewed in time, good for nothing else."""

import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ringdown.runtime.local_ca import NotALocalAddress, local_tls

NOW = datetime.now(UTC)


def greet(certificate: Path, key: Path, context: ssl.SSLContext, name: str) -> bytes:
    """What a client hears from a server with this certificate that it believes to be `name`."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            with served.wrap_socket(ours, server_side=True) as wrapped:
                wrapped.sendall(b"hello")
        except (ssl.SSLError, OSError):
            pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with context.wrap_socket(theirs, server_hostname=name) as wrapped:
            return wrapped.recv(5)
    finally:
        theirs.close()
        thread.join()


def test_a_client_that_trusts_the_authority_is_served(tmp_path: Path) -> None:
    """And one that does not is not."""
    files = local_tls(tmp_path / "tls", "127.0.0.1", NOW)
    trusting = ssl.create_default_context(cafile=str(files.authority))
    assert greet(files.certificate, files.key, trusting, "127.0.0.1") == b"hello"
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(files.certificate, files.key, ssl.create_default_context(), "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "believed"),
    [
        ("192.168.7.7", True),
        ("8.8.8.8", False),
        ("2001:db8::1", False),
        ("bank.example.org", False),
    ],
)
def test_whoever_has_its_key_can_pose_as_no_other_site(
    tmp_path: Path, name: str, believed: bool
) -> None:
    """A certificate signed with the stolen key is believed for private addresses alone."""
    files = local_tls(tmp_path, "10.1.2.3", NOW)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    stolen = serialization.load_pem_private_key((tmp_path / "authority.key").read_bytes(), None)
    mine = serialization.load_pem_private_key(files.key.read_bytes(), None)
    assert isinstance(stolen, ec.EllipticCurvePrivateKey)
    assert isinstance(mine, ec.EllipticCurvePrivateKey)
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    forged = (
        x509.CertificateBuilder()
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .subject_name(x509.Name([]))
        .issuer_name(authority.subject)
        .public_key(mine.public_key())
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(stolen.public_key()), critical=False
        )
        .sign(stolen, hashes.SHA256())
    )
    posing = tmp_path / "posing.pem"
    posing.write_bytes(forged.public_bytes(serialization.Encoding.PEM))
    trusting = ssl.create_default_context(cafile=str(files.authority))
    if believed:
        assert greet(posing, files.key, trusting, name) == b"hello"
    else:
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            greet(posing, files.key, trusting, name)


def test_both_are_kept_and_the_certificate_is_renewed_in_time(tmp_path: Path) -> None:
    """A phone that trusts the authority goes on trusting; keys are their owner's alone."""
    first = local_tls(tmp_path, "192.168.1.20", NOW)
    text = first.certificate.read_text()
    assert local_tls(tmp_path, "192.168.1.20", NOW + timedelta(days=30)) == first
    assert first.certificate.read_text() == text
    later = local_tls(tmp_path, "192.168.1.20", NOW + timedelta(days=80))
    assert first.certificate.read_text() != text
    assert later.fingerprint == first.fingerprint
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_it_may_vouch_for_private_addresses_only(tmp_path: Path) -> None:
    """The certificate itself says so, and nothing else is made."""
    files = local_tls(tmp_path, "10.1.2.3", NOW)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert len(limits.value.permitted_subtrees or ()) == 6
    for wrong in ("8.8.8.8", "ringdown.example.org", "::1", ""):
        with pytest.raises(NotALocalAddress):
            local_tls(tmp_path, wrong, NOW)
