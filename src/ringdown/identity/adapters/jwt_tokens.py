"""Access tokens as JWTs, signed with a key that never leaves this installation (PyJWT).

The algorithm is fixed: a token that names another one, or none, is refused before anything of it
is believed (RFC 8725 §3.1). Times are checked by `identity.tokens`, on our own clock.
"""

from collections.abc import Mapping
from typing import Final, cast

import jwt

from ringdown.core.sensitive import Sensitive
from ringdown.identity.tokens import TokenRefused

ALGORITHM: Final = "HS256"


class JwtTokens:
    """Implements `identity.ports.TokenSigner`."""

    def __init__(self, key: Sensitive[str]) -> None:
        self._key = key

    def sign(self, payload: Mapping[str, object]) -> str:
        """A JWT in its compact form (RFC 7515 §3.1)."""
        return jwt.encode(dict(payload), self._reveal(), algorithm=ALGORITHM)

    def payload(self, token: str) -> Mapping[str, object]:
        """What a token says, if the signature is ours. Raises `TokenRefused`."""
        try:
            read = jwt.decode_complete(
                token,
                self._reveal(),
                algorithms=[ALGORITHM],
                options={
                    "verify_signature": True,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                    "verify_iss": False,
                },
            )
        except (jwt.PyJWTError, ValueError, RecursionError):
            # Not only its own errors: what is no token can fail anywhere inside (a lone
            # surrogate, JSON that is nested too deeply).
            raise TokenRefused from None
        # Only what we sign; a header with demands of its own is not from us (RFC 7515 §4.1.11).
        if cast("dict[str, object]", read["header"]).keys() != {"alg", "typ"}:
            raise TokenRefused
        return cast("Mapping[str, object]", read["payload"])

    def _reveal(self) -> str:
        return self._key.reveal("access tokens are signed with it")
