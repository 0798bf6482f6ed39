"""Routes of people: threads with callers, questions, and the queue of calls to text back."""

from typing import Annotated

from pydantic import Field

from ringdown.core.events import Value
from ringdown.runtime.http import Caller, Routes
from ringdown.texting import questions
from ringdown.texting.api import Preview
from ringdown.texting.model import Channel, MessageView, TextBackView
from ringdown.texting.questions import TextLanguage
from ringdown.texting.sending import preview
from ringdown.texting.service import TextingService, compose

Words = Annotated[str, Field(min_length=1, max_length=1_600)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]
QuestionName = Annotated[str, Field(min_length=1, max_length=40)]


class TextDraft(Value):
    """A text that a person is about to send: words of their own, or a question."""

    text: Words | None = None
    question: QuestionName | None = None
    language: TextLanguage = "en"


class NewText(TextDraft):
    """A text to a caller. `number` is for another than the caller's own, with a reason."""

    number: Annotated[str, Field(min_length=3, max_length=32)] | None = None
    other_number_reason: Reason | None = None
    channel: Channel | None = None
    """None: the page of an open link, else SMS."""


class TextPage(Value):
    """A thread, oldest first."""

    messages: list[MessageView]


class AnswerView(Value):
    """One answer: its letter, its words in the language, and in English."""

    letter: str
    text: str
    meaning: str


class QuestionView(Value):
    """A question of the catalogue, as it would leave."""

    question: str
    meaning: str
    """The same in English."""
    answers: list[AnswerView]
    preview: Preview


class QuestionPage(Value):
    """The questions for somebody who cannot speak."""

    questions: list[QuestionView]


class TextBackPage(Value):
    """Calls to text back, and threads that belong to no call."""

    text_backs: list[TextBackView]


class TextBackClosing(Value):
    """Why nothing more is to be done."""

    reason: Reason


def texting_routes(service: TextingService) -> Routes:
    """The routes of this feature."""
    routes = Routes("texting")

    @routes.get("/v1/calls/{call_id}/texts", permission="calls:read")
    async def thread(caller: Caller, call_id: str) -> TextPage:
        """The thread of a call, or of texts that belong to none (`thread_…`)."""
        return TextPage(messages=await service.thread(caller, call_id))

    @routes.post("/v1/calls/{call_id}/texts/preview", permission="texting:send")
    async def look(caller: Caller, call_id: str, body: TextDraft) -> Preview:
        """A text as it would leave, with its segments; sends nothing."""
        await service.thread(caller, call_id)
        return service.preview(compose(body.text, body.question, body.language))

    @routes.post("/v1/calls/{call_id}/texts", permission="texting:send")
    async def send(caller: Caller, call_id: str, body: NewText) -> MessageView:
        """Write to the caller: on the page of an open link, else by SMS."""
        return await service.send(
            caller,
            call_id,
            text=body.text,
            question=body.question,
            language=body.language,
            number=body.number,
            other_number_reason=body.other_number_reason,
            channel=body.channel,
        )

    @routes.get("/v1/texts/questions", permission="texting:send")
    async def catalogue(caller: Caller, language: TextLanguage = "en") -> QuestionPage:
        """The questions for somebody who cannot speak, in their language."""
        return QuestionPage(questions=[_shown(one, language) for one in questions.QUESTIONS])

    @routes.get("/v1/text-backs", permission="calls:read")
    async def queue(caller: Caller) -> TextBackPage:
        """Calls that nobody answered or that were silent, until a person closes each."""
        return TextBackPage(text_backs=await service.queue(caller))

    @routes.post("/v1/calls/{call_id}/text-back", permission="texting:send")
    async def join(caller: Caller, call_id: str) -> TextBackView:
        """Put a call in the queue, for example one on which nobody spoke."""
        return await service.text_backs.join(caller, call_id)

    @routes.get("/v1/text-backs/{call_id}/wording", permission="texting:send")
    async def wording(caller: Caller, call_id: str) -> Preview:
        """The approved wording, as it would leave."""
        return await service.text_backs.wording(caller, call_id)

    @routes.post("/v1/text-backs/{call_id}/text", permission="texting:send")
    async def text_back(caller: Caller, call_id: str) -> MessageView:
        """Send the approved wording."""
        return await service.text_backs.text(caller, call_id)

    @routes.post("/v1/text-backs/{call_id}/close", permission="texting:send")
    async def close(caller: Caller, call_id: str, body: TextBackClosing) -> TextBackView:
        """Say, as a person, that nothing more is to be done."""
        return await service.text_backs.close(caller, call_id, body.reason)

    return routes


def _shown(question: questions.Question, language: TextLanguage) -> QuestionView:
    return QuestionView(
        question=question.name,
        meaning=question.words["en"],
        answers=[
            AnswerView(letter=letter, text=text, meaning=meaning)
            for letter, text, meaning in questions.labels(question, language)
        ],
        preview=preview(questions.compose(question, language)),
    )
