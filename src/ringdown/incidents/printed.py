"""The draft as one plain page: accessible, printable, without script. Pure.

What was heard and what a person typed differ in words and in shape, not by colour alone.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from ringdown.calls.api import CallView
from ringdown.core.clock import iso
from ringdown.incidents.evidence import EvidenceView
from ringdown.incidents.model import (
    FIELD_NAMES,
    ConfirmationView,
    DraftView,
    FieldName,
    FieldView,
)

_NAMES: Final[dict[FieldName, str]] = {
    "emergency": "Emergency",
    "category": "Category",
    "type": "Type",
    "location": "Location",
    "victims": "People hurt or in danger",
    "severity": "Severity",
    "callback_number": "Call-back number",
    "persons": "Persons described",
    "vehicles": "Vehicles",
    "weapons": "Weapons",
    "hazards": "Hazards",
    "relation": "Caller's relation",
}
_SIDES: Final = {"caller": "caller", "call_taker": "call-taker"}


@dataclass(frozen=True)
class Style:
    """The style of the page, and how a content security policy names it."""

    css: str

    @property
    def source(self) -> str:
        """The hash source of CSP level 3 §2.3.1."""
        digest = hashlib.sha256(self.css.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"


STYLE: Final = Style(
    "body{font:1.05rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:48rem;padding:0 1rem;"
    "color:#111;background:#fff}h1{font-size:1.5rem}"
    ".banner{border:3px solid #111;padding:.5rem 1rem;font-weight:700}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:700;"
    "padding:.5rem 0}th,td{border:1px solid #555;padding:.5rem;text-align:left;vertical-align:top}"
    ".heard{font-style:italic;border-left:4px dashed #555;padding-left:.5rem}"
    ".typed{font-weight:700;border-left:4px solid #111;padding-left:.5rem}"
    ".state{font-weight:700}.small{font-size:.9rem}q{font-style:italic}"
    "@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}"
)


def page(call: CallView, draft: DraftView, sent: Sequence[ConfirmationView], now: datetime) -> str:
    """The whole page. Everything that was said or typed is escaped."""
    title = f"Incident of call {call.call_id}"
    demo = '<p class="banner">DEMO. This is not a real call.</p>' if call.demo else ""
    unconfirmed = [
        name
        for name in FIELD_NAMES
        if draft.fields[name].state in {"proposed", "edited"} or draft.fields[name].suggestion
    ]
    warning = (
        '<p class="banner">UNCONFIRMED: not every line below was confirmed by a person.</p>'
        if unconfirmed
        else ""
    )
    rows = "".join(_row(draft.fields[name]) for name in FIELD_NAMES)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(('DEMO: ' if call.demo else '') + title)}</title>"
        f"<style>{STYLE.css}</style></head><body><main><h1>{escape(title)}</h1>{demo}{warning}"
        f"<p>Call began {escape(call.started_at)}. Printed {escape(iso(now))}. "
        f"Draft version {draft.version}.</p>"
        "<table><caption>What is known</caption><thead><tr>"
        '<th scope="col">Field</th><th scope="col">Value</th><th scope="col">Standing</th>'
        '<th scope="col">Where it comes from</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{_sent(sent)}"
        '<p class="small">Slanted text after a broken line was heard by Ringdown. '
        "Bold text after a solid line was typed by a person.</p></main></body></html>"
    )


def _row(field: FieldView) -> str:
    return (
        f'<tr><th scope="row">{_NAMES[field.name]}</th><td>{_value(field)}{_others(field)}</td>'
        f'<td><span class="state">{_state(field)}</span></td><td>{_source(field)}</td></tr>'
    )


def _value(field: FieldView) -> str:
    if field.text is None:
        return "<p>Unknown</p>"
    if field.origin == "typed":
        return f'<p class="typed">{escape(field.text)} <span class="small">(typed)</span></p>'
    return f'<p class="heard">{escape(field.text)} <span class="small">(heard)</span></p>'


def _others(field: FieldView) -> str:
    parts: list[str] = []
    if field.suggestion is not None:
        parts.append(
            f'<p class="heard">Heard since: {escape(field.suggestion.text)} '
            '<span class="small">(heard, unconfirmed)</span></p>'
        )
    if field.alternatives:
        items = "".join(
            f"<li>{escape(other.text)} <span class='small'>(heard, unconfirmed)</span></li>"
            for other in field.alternatives
        )
        parts.append(f'<p class="small">Also heard:</p><ul class="heard small">{items}</ul>')
    return "".join(parts)


def _state(field: FieldView) -> str:
    person = escape(field.by.name) if field.by else ""
    at = f" at {escape(field.at)}" if field.at else ""
    return {
        "unknown": "Unknown",
        "proposed": "UNCONFIRMED: heard, nobody has decided",
        "edited": f"UNCONFIRMED: typed by {person}{at}",
        "confirmed": f"Confirmed by {person}{at}",
        "rejected": f"Rejected by {person}{at}",
    }[field.state]


def _source(field: FieldView) -> str:
    if field.evidence:
        items = "".join(f"<li>{_cited(cited)}</li>" for cited in field.evidence)
        return f"<ul>{items}</ul>"
    return "A person" if field.origin == "typed" else "Nothing"


def _cited(cited: EvidenceView) -> str:
    seconds = cited.start_ms // 1000
    side = _SIDES.get(cited.side, cited.side)
    return f"{seconds // 60}:{seconds % 60:02d}, {escape(side)}: <q>{escape(cited.quote)}</q>"


def _sent(sent: Sequence[ConfirmationView]) -> str:
    if not sent:
        return "<p>Nothing has been confirmed for the CAD yet.</p>"
    items = "".join(
        f"<li>No. {each.sequence}, by {escape(each.by.name)} at {escape(each.at)}: "
        + (f"<strong>cancelled: {escape(each.reason)}</strong>. " if each.reason else "")
        + "; ".join(f"{_NAMES[name]}: {escape(field.text)}" for name, field in each.fields.items())
        + "</li>"
        for each in sent
    )
    return f"<h2>Confirmed for the CAD</h2><ol>{items}</ol>"
