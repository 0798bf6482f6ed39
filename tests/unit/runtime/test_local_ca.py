"""The authority of this installation: known to TLS, kept, renewed in time, good for nothing else."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from ringdown.runtime.local_ca import NotALocalAddress, local_tls

NOW = datetime.now(UTC)


def test_a_client_that_trusts_the_authority_is_served(tmp_path: Path) -> None:
    """And one that does not is not."""
    files = local_tls(tmp_path / "tls", "127.0.0.1", NOW)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(files.certificate, files.key)
    trusting = ssl.create_default_context(cafile=str(files.authority))

    def greet(context: ssl.SSLContext) -> bytes:
        ours, theirs = socket.socketpair()

        def serve() -> None:
            try:
                with served.wrap_socket(ours, server_side=True) as wrapped:
                    wrapped.sendall(b"hello")
            except ssl.SSLError:
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with context.wrap_socket(theirs, server_hostname="127.0.0.1") as wrapped:
                return wrapped.recv(5)
        finally:
            thread.join()

    assert greet(trusting) == b"hello"
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(ssl.create_default_context())


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
    assert len(limits.value.permitted_subtrees or ()) == 5
    for wrong in ("8.8.8.8", "ringdown.example.org", "::1", ""):
        with pytest.raises(NotALocalAddress):
            local_tls(tmp_path, wrong, NOW)
