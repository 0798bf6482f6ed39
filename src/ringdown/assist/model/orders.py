"""Speech that is meant for a machine: it is kept as what was said, and bears nothing out. Pure."""

import re
from typing import Final

_ORDERS: Final = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines|system)\b
    | \b(?:new|following|these|secret|updated)\s+(?:system\s+)?(?:instructions|orders|rules)\b
    | \b(?:system|developer|admin|debug|jailbreak)\s+(?:prompt|message|mode|override)\b
    | \b(?:language\s+model|chat\s*bot|chat\s*gpt|artificial\s+intelligence|a\.?\s?i\.?\s+(?:model|system|assistant))\b
    | \byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+)?(?:a\.?i\.?|assistant|model|bot|computer|program|robot)\b
    | \b(?:in|into|to|from)\s+(?:the|your)\s+(?:narrative|summary|report|draft|output|notes|record|transcript)\b
    | \b(?:your|the)\s+(?:narrative|summary|output|next\s+sentence)\s+(?:must|should|shall|will|has\s+to|is)\b
    | ^\W*(?:please\s+|now\s+|and\s+|then\s+|you\s+must\s+)*(?:write|output|print|respond|reply|summari[sz]e|repeat\s+after|type)\b
    | \b(?:mark|set|classify|record|flag|file|log|change)\s+(?:this|the|it|that)\b.{0,30}\b(?:as|to)\b
    | \bclose\s+(?:this|the|out\s+the)\s+(?:call|incident|case|ticket)\b
    | \b(?:do\s+not|don['\u2019]?t|never)\s+(?:mention|include|cite|write|report\s+(?:this|that|the))\b
    | \b(?:end|start|begin)\s+of\s+(?:the\s+)?(?:transcript|data|input|conversation)\b
    | \b(?:json|assistant\s*:|system\s*:|user\s*:)
    | ```|</?\w+>|[{}]
    """,  # noqa: E501 - one order a line
    re.IGNORECASE | re.VERBOSE,
)
_MACHINE_TALK: Final = re.compile(
    r"\b(?:instructions?|prompt|language\s+model|A\.?I\.?|assistant|json|system\s+message|transcript"
    r"|as\s+requested|as\s+instructed|i\s+cannot\s+(?:help|assist|provide|answer|write|comply))\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Whether somebody speaks to the machine that reads along."""
    return _ORDERS.search(text) is not None


def talks_of_itself(sentence: str) -> bool:
    """Whether a written sentence is about the writing and not about the call."""
    return _MACHINE_TALK.search(sentence) is not None
