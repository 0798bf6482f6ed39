"""Settings of identity: CJIS Security Policy v6.0, or stricter where that harms no call."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from ringdown.identity.model import LockRule
from ringdown.runtime.settings import Section


class Argon2Settings(Section):
    """How hard passwords are to guess (RFC 9106 §4, second recommended option)."""

    time_cost: int = Field(default=3, ge=1, description="Passes over the memory.")
    memory_kib: int = Field(default=65_536, ge=8, description="Memory for one hash, in KiB.")
    parallelism: int = Field(default=4, ge=1, description="Lanes of one hash.")
    threads: int = Field(default=2, ge=1, description="How many hashes are computed at once.")
    waiting: int = Field(default=64, ge=1, description="How many may wait; more are refused.")


class IdentitySettings(Section):
    """Sessions, lock-out and passwords."""

    session_idle_minutes: int = Field(
        default=30, ge=1, description="A session ends after so long without a request (CJIS AC-11)."
    )
    session_hours: int = Field(
        default=12,
        ge=1,
        le=24,
        description="A session ends after so long at most (CJIS IA-11).",
    )
    lock_failures: int = Field(
        default=5, ge=1, le=5, description="So many failed log-ons lock an account (CJIS AC-7)."
    )
    lock_window_minutes: int = Field(
        default=15, ge=15, description="The time within which failed log-ons count (CJIS AC-7)."
    )
    password_min_length: int = Field(
        default=12, ge=8, le=64, description="The shortest new password (CJIS IA-5 asks for 8)."
    )
    password_max_days: int = Field(
        default=365,
        ge=1,
        le=366,
        description="A password has to be changed after so long (CJIS IA-5).",
    )
    password_blocklist: Path | None = Field(
        default=None,
        description="A text file of refused passwords, one a line, besides the usual ones.",
    )
    setup_link_hours: int = Field(default=24, ge=1, le=24, description="Life of a setup link.")
    allowed_origins: tuple[str, ...] = Field(
        default=(),
        description="Origins besides our own whose pages may use a cookie session, such as "
        "https://console.example.gov.",
    )
    token_failures: int = Field(
        default=10,
        ge=1,
        description="So many wrong client secrets a minute from one source are answered before it "
        "is told to wait; the right secret is always taken.",
    )
    argon2: Argon2Settings = Field(
        default_factory=Argon2Settings, description="The hashing of passwords."
    )

    @property
    def lock_rule(self) -> LockRule:
        """The rule as the model takes it."""
        return LockRule(self.lock_failures, timedelta(minutes=self.lock_window_minutes))

    @property
    def idle(self) -> timedelta:
        """The idle limit."""
        return timedelta(minutes=self.session_idle_minutes)
