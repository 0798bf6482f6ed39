"""Settings of listening."""

from pydantic import Field

from ringdown.runtime.settings import Section


class ListeningSettings(Section):
    """How people and partners hear calls, live or recorded."""

    workers: int = Field(
        default=1, ge=1, le=64, description="Playout worker processes; one core each."
    )
    public_url: str | None = Field(
        default=None,
        description="WebSocket address (ws:// or wss://) at which listeners reach the media "
        "server, when it is not the one that Ringdown itself uses.",
    )
    token_lifetime_s: int = Field(
        default=600,
        ge=1,
        le=86_400,
        description="A token is good for joining once within this time; who has joined may stay.",
    )
    back_within_s: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="A listener who comes back within this time finds everything as it was.",
    )
    most_sessions: int = Field(
        default=200, ge=1, le=10_000, description="Listening sessions of one centre at a time."
    )
    min_gain_db: float = Field(
        default=-60, ge=-120, le=0, description="The least gain of a side; less is taken as this."
    )
    max_gain_db: float = Field(
        default=20, ge=0, le=40, description="The largest gain of a side; more is taken as this."
    )
    commands_per_s: int = Field(
        default=20, ge=1, le=1000, description="Commands a second of one listener; more is refused."
    )
    at_end_within_ms: int = Field(
        default=1000,
        ge=0,
        le=10_000,
        description="A listener of a live call this close to its end counts as being there.",
    )
    hang_after_s: float = Field(
        default=2.0, ge=0.5, le=60, description="A worker silent for longer is replaced."
    )
    ready_within_s: float = Field(
        default=3.0,
        ge=0,
        le=30,
        description="A token is handed out when a worker is in its room, or after so long.",
    )
    start_within_s: float = Field(
        default=30, ge=1, le=600, description="A new worker not ready by then is replaced."
    )
