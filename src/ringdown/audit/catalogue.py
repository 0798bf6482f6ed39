"""Every act the audit log knows: a tag in three parts, `feature:thing:act`, and a sentence.

Each feature lists its own acts here. A tag, once released, keeps its meaning for good; a retired
one stays as a comment so that nobody uses the word again for something else.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from ringdown.core.errors import RingdownError


class UnknownAuditTag(RingdownError):
    """The code used a tag that is not in the catalogue: a mistake of ours, never the user's."""

    code: ClassVar[str] = "audit.tag.unknown"
    severity = "critical"
    action: ClassVar[str] = "Report this: the act was not recorded and therefore not done."


TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # audit
        "audit:log:read": "Somebody read rows of the audit log.",
        "audit:log:exported": "Somebody exported the audit log of the centre.",
        # identity: the installation and its centres
        "identity:setup:link_issued": "A one-time setup link was made on the server.",
        "identity:setup:refused": "Somebody tried a setup link that is wrong, used or too old.",
        "identity:setup:completed": "A setup link made an administrator.",
        "identity:centre:added": "A centre was added.",
        # identity: sessions
        "identity:session:opened": "A person signed in.",
        "identity:session:refused": "Somebody failed to sign in.",
        "identity:session:closed": "A person signed out.",
        "identity:session:ended": "Ringdown or an administrator ended a session.",
        "identity:session:expired": "A session ended because of its idle or absolute limit.",
        # identity: users
        "identity:user:added": "A user was added.",
        "identity:user:changed": "The name of a user was changed.",
        "identity:user:roles_changed": "The roles of a user were changed.",
        "identity:user:disabled": "A user was disabled.",
        "identity:user:enabled": "A disabled user was enabled again.",
        "identity:user:locked": "A user was locked after too many failed log-ons.",
        "identity:user:unlocked": "A locked user was released.",
        "identity:password:changed": "A person changed their own password.",
        "identity:password:refused": "A change of one's own password was refused.",
        "identity:password:reset": "An administrator gave a user a new password.",
        "identity:change:refused": "A change of a user or an API client was refused.",
        "identity:access:refused": "Somebody asked for what their role does not allow.",
        # identity: API clients
        "identity:client:added": "An API client was added.",
        "identity:client:rotated": "An API client was given a new secret.",
        "identity:client:disabled": "An API client was disabled.",
        "identity:client:refused": "An API client failed to authenticate.",
        "identity:token:issued": "A partner was given an access token.",
        "identity:token:refused": "An access token was refused that is not ours or was made void.",
        # calls
        "calls:call:started": "A person began a call from the console.",
        "calls:call:ended": "A person hung up a call from the console.",
        "calls:call:assigned": "A person took a call.",
        "calls:call:closed": "A person closed an abandoned or lost call, with a reason.",
        "calls:note:written": "A person wrote a note on a call.",
        "calls:note:edited": "A person wrote a new version of a note; the old one is kept.",
        # cad
        "cad:eido:read": "A confirmed incident was handed out as an EIDO document.",
        "cad:delivery:queued": "A confirmed incident was put in the queue to the CAD.",
        "cad:delivery:acknowledged": "The CAD acknowledged a confirmed incident.",
        "cad:delivery:dead": "A delivery to the CAD was given up; a person must act.",
        "cad:delivery:retried": "A person had a delivery to the CAD tried again.",
        # incidents
        "incidents:field:edited": "A person typed a value into a field of an incident.",
        "incidents:field:confirmed": "A person confirmed a field of an incident.",
        "incidents:field:rejected": "A person rejected what stood in a field of an incident.",
        "incidents:cue:dismissed": "A person put a sign of danger aside.",
        "incidents:incident:cancelled": "A person cancelled an incident that was sent.",
        "incidents:incident:confirmed": "A person confirmed what may leave for the CAD.",
        # media
        "media:leg:sealed": "The recording of a leg was completed; the row holds its SHA-256.",
        "media:audio:played": "Somebody listened to seconds of a call.",
        # partners: the transcript socket; the call is the subject
        "partners:transcript:heard": "A partner began to hear the live transcript of a call.",
        # listening: a session is the subject of the first four rows, the call of the last, which
        # has `{"session_id", "seconds": [[from, to], …]}` on the call's clock. A partner may name
        # who listens on its side: `participant`.
        "listening:session:opened": "Somebody was given a token with which to listen to a call.",
        "listening:session:joined": "A listener joined, for the first time or again.",
        "listening:session:closed": "A listening session ended; the row says why.",
        "listening:session:refused": "Somebody was not let listen to a call; the row says why.",
        "listening:call:heard": "Somebody heard seconds of a call; a row a minute and at the end.",
        # speech: which engine heard what. `speech:leg:heard` has the leg as its subject and
        # `{"call_id", "side", "spans": [{"engine", "from_ms", "to_ms", "words", "sent_to"}]}`:
        # times on the call's clock, a number of words and never a word; `sent_to` names engines
        # that were given the audio too and whose answer did not count.
        "speech:engine:remote": "The server started with a recogniser that gets audio elsewhere.",
        "speech:leg:heard": "A leg was turned into words; the row says which engine heard when.",
        # speech: local names
        "speech:names:loaded": "Somebody loaded local names of the centre from a file.",
        "speech:names:removed": "Somebody removed all local names of the centre.",
        # streets
        "streets:layer:loaded": "Somebody loaded a layer of the centre's map from a file.",
        "streets:layer:removed": "Somebody removed a layer of the centre's map.",
        # redaction: `tokens` names what was revealed, never a value; `purpose` says what for
        "redaction:values:revealed": "Values that tokens of a call stand for were given out.",
        # assist: what a language model did. `assist:narrative:written` has the call as its subject
        # and `{"round", "model", "version", "host", "prompt_sha256", "request_sha256", "sentences",
        # "proposals", "withheld"}`: numbers, and never a word.
        "assist:model:named": "The server started with a language model; the row says where.",
        "assist:narrative:written": "A language model wrote on a call; the row says which one.",
        "assist:narrative:exported": "Somebody exported what language models wrote on a call.",
        "assist:call:switched_off": "A person switched the language model off for a call.",
        "assist:call:switched_on": "A person switched the language model on again for a call.",
        # texting: the call is the subject; a number shows its last two digits, and never a word
        "texting:message:sent": "A person sent a text to a caller, or was shown it to send.",
        "texting:message:received": "A text came in from a caller.",
        "texting:message:answered": "Ringdown answered STOP, START or HELP, as the law asks.",
        "texting:number:stopped": "A caller's number asked for no more texts.",
        "texting:number:started": "A caller's number wants texts again.",
        "texting:webhook:refused": "A message that claims to come from the carrier was refused.",
        "texting:text_back:joined": "A person put a call in the queue of those to text back.",
        "texting:text_back:sent": "A person texted back a call that nobody had answered.",
        "texting:text_back:closed": "A person closed an unanswered call; the row says why.",
        # caller: the call is the subject
        "caller:consent:agreed": "A caller agreed to share; the row says what, when, who asked.",
        "caller:consent:refused": "A caller refused to share.",
        "caller:consent:overridden": "A supervisor asked for a location without consent; why.",
        "caller:consent:withdrawn": "A caller took back what they had agreed to.",
        "caller:link:made": "A person made a caller link.",
        "caller:link:opened": "A caller's phone opened its link and is bound to it.",
        "caller:link:refused": "A link was tried that is wrong, over, or another phone's.",
        "caller:link:stopped": "A caller link is over; the row says who ended it.",
        "caller:link:revoked": "A person revoked a caller link.",
        "caller:share:started": "A caller began to share something.",
        "caller:share:ended": "A caller no longer shares something; the row says why.",
        "caller:location:read": "Somebody read where a caller's phone was.",
        # video: the call is the subject
        "video:viewing:opened": "A person had a caller's picture shown unblurred.",
        "video:viewing:closed": "A person closed a caller's picture; the row says how long.",
        "video:viewing:taken_over": "A supervisor took over looking at a caller's picture.",
        "video:exposure:read": "Somebody read how much of what callers show others have seen.",
        "video:recording:started": "A caller's video is recorded from here on.",
        "video:recording:ended": "A caller's video is no longer recorded; the row says why.",
        "video:recording:missed": "A caller's video is shown and not recorded; the row says why.",
        # uploads: the call is the subject
        "uploads:file:received": "A caller's file came in whole.",
        "uploads:file:refused": "A caller's file was refused; the row says why.",
        "uploads:file:viewed": "A person opened a caller's file.",
        "uploads:file:exported": "A person exported a caller's file, without its metadata.",
        "uploads:file:removed": "A person removed a caller's file, with a reason.",
        # responders: the call is the subject
        "responders:link:made": "A person made a link for a responder.",
        "responders:link:opened": "A responder link was opened.",
        "responders:video:opened": "A caller's camera was opened through a responder link.",
        "responders:video:closed": "A caller's camera was closed on a responder's page.",
        "responders:link:revoked": "A person revoked a responder link.",
        "responders:link:refused": "A responder link was tried that is wrong or over.",
        # partners
        "partners:endpoint:added": "A webhook endpoint of a partner was added.",
        "partners:endpoint:changed": "A webhook endpoint was changed, switched on or off.",
        "partners:endpoint:rotated": "A webhook endpoint was given a new signing secret.",
        "partners:endpoint:removed": "A webhook endpoint was removed.",
        "partners:endpoint:tested": "Somebody sent a test to a webhook endpoint.",
        "partners:endpoint:disabled": "Ringdown switched a webhook endpoint off; the row says why.",
        "partners:delivery:redelivered": "A person had a webhook sent again.",
        "partners:delivery:range_redelivered": "A person had dead letters of a time sent again.",
    }
)


def known(tag: str) -> str:
    """The tag itself, if the catalogue has it. Raises `UnknownAuditTag`."""
    if tag not in TAGS:
        raise UnknownAuditTag(f"{tag} is not in the audit catalogue", details={"tag": tag})
    return tag
