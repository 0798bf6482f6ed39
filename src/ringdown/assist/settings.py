"""The settings of language models: none is asked unless an administrator names one."""

from typing import Any

from pydantic import Field

from ringdown.runtime.outside_settings import OutsideServer
from ringdown.runtime.settings import Section


class OpenAiChatConfig(OutsideServer):
    """A server that speaks OpenAI's chat protocol: vLLM, Ollama, llama.cpp, or one in a cloud."""

    url: str = Field(
        default="",
        description="Where it is, such as http://127.0.0.1:8080; /v1/chat/completions is added.",
    )
    model: str = Field(default="", description="The model to ask for, as the server calls it.")
    timeout_s: float = Field(
        default=30, ge=1, le=300, description="Seconds for a whole answer; then it is dropped."
    )
    idle_s: float = Field(
        default=10, ge=0.2, le=120, description="Seconds of silence within an answer; the same."
    )
    longest_tokens: int = Field(
        default=800, ge=64, le=4096, description="How long an answer may be, in tokens."
    )


class AssistSettings(Section):
    """A language model that writes a running narrative, on a leash."""

    plugin: str | None = Field(
        default=None,
        description="Plugin of the group ringdown.llm, such as `openai-compatible`; none: off.",
    )
    openai_compatible: OpenAiChatConfig = OpenAiChatConfig()
    options: dict[str, Any] = Field(
        default_factory=dict, description="Settings of another plugin, as its page describes."
    )
    every_s: float = Field(
        default=6, ge=0.5, le=120, description="Least seconds between two questions about a call."
    )
    at_once: int = Field(default=2, ge=1, le=32, description="Questions asked at the same time.")
    window_chars: int = Field(
        default=12_000, ge=500, le=100_000, description="How much of a call's end is sent at most."
    )
    requests_per_call: int = Field(
        default=200, ge=1, le=5000, description="Questions about one call; then no more are asked."
    )
    tokens_per_call: int = Field(
        default=300_000, ge=1000, description="Tokens sent and received for one call; the same."
    )
    tokens_per_day: int = Field(
        default=10_000_000, ge=1000, description="Tokens for all calls in 24 hours; the same."
    )
