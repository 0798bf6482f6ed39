"""Settings of texting."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from ringdown.runtime.settings import Section


class TwilioConfig(Section):
    """A carrier that speaks Twilio's REST interface, or one of its clones."""

    url: str = Field(default="https://api.twilio.com", description="Where its interface is.")
    account_sid: str = Field(default="", description="The account, such as AC….")
    token_file: Path | None = Field(
        default=None, description="File that holds the auth token; it signs what comes in too."
    )
    sender: str = Field(
        default="", description="E.164 number, or a messaging service (MG…), that texts come from."
    )
    timeout_s: float = Field(default=10, ge=1, le=60, description="Seconds to wait for an answer.")
    mms: bool = Field(default=True, description="Whether pictures can come in by MMS.")
    allow_plain_http: bool = Field(
        default=False, description="Allow http:// to this machine, for the simulator."
    )


class SignedHttpConfig(Section):
    """A gateway of the agency's own: JSON over HTTPS, signed as Standard Webhooks."""

    url: str = Field(default="", description="Where a message is posted to.")
    secret_file: Path | None = Field(
        default=None, description="File that holds the secret both sides sign with (whsec_…)."
    )
    timeout_s: float = Field(default=10, ge=1, le=60, description="Seconds to wait for an answer.")
    allow_plain_http: bool = Field(default=False, description="Allow http:// to this machine.")


class TextingSettings(Section):
    """How texts reach callers."""

    carrier: Literal["manual", "twilio", "http"] = Field(
        default="manual",
        description="manual: the console shows the text to send by other means.",
    )
    twilio: TwilioConfig = TwilioConfig()
    http: SignedHttpConfig = SignedHttpConfig()
    public_url: str | None = Field(
        default=None,
        description="Where the carrier reaches this server; none: as `http.public_url`.",
    )
    region: str = Field(
        default="US",
        pattern="^[A-Z]{2}$",
        description="Country whose numbers may be written without +1 and the like (ISO 3166).",
    )
    numbers: dict[str, str] = Field(
        default={},
        description="Where there are several centres: which of them, by its name or id, gets texts "
        "to a number of yours that belong to no call. Without it the oldest centre does.",
    )
    give_up_after_s: int = Field(
        default=300,
        ge=10,
        le=3600,
        description="When a text that the carrier never took is no longer worth sending.",
    )
    per_number_per_hour: int = Field(
        default=30, ge=1, le=1000, description="Texts to one number in an hour, at most."
    )
    text_back_after_s: int = Field(
        default=0, ge=0, le=3600, description="Wait before an unanswered call asks for a text back."
    )
    text_back_again_s: int = Field(
        default=180, ge=10, le=86_400, description="When to look again after texting back."
    )
    text_back_wording: str = Field(
        default="This is {agency}. Your call ended before we could speak. Do you need help? "
        "Answer this text, or call 911.",
        description="The approved wording; {agency} is the centre's name, with 911 if it has none.",
    )
