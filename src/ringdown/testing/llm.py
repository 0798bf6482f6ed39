"""The contract of language models.

An author writes `class TestMine(LlmContract)` with `model()` and inherits every test.
"""

from contextlib import AbstractAsyncContextManager

from ringdown.assist.model.answer import Written, read_answer
from ringdown.assist.model.checker import Line
from ringdown.assist.model.prompt import Question, question
from ringdown.assist.ports import LanguageModel

SAID = [
    (1, Line("call_taker", "911, where is your emergency?")),
    (2, Line("caller", "There is smoke coming out of a house at [ADDRESS_1].")),
]


def asking() -> Question:
    """A question about two lines."""
    return question(SAID, [], 1, 400)


async def answer_of(model: LanguageModel, asked: Question | None = None) -> Written:
    """The whole answer, read."""
    pieces = [piece async for piece in model.ask(asked or asking())]
    return read_answer("".join(piece.text for piece in pieces))


class LlmContract:
    """What every language model promises, whatever it writes."""

    def model(self) -> AbstractAsyncContextManager[LanguageModel]:
        """The model, open."""
        raise NotImplementedError

    async def test_it_answers_in_the_agreed_shape(self) -> None:
        """Sentences and ideas, each with the numbers of lines."""
        async with self.model() as model:
            written = await answer_of(model)
        for part in (*written.sentences, *written.ideas):
            assert part.cites
            assert set(part.cites) <= {1, 2}

    async def test_it_can_be_asked_again(self) -> None:
        """One question does not spoil the next."""
        async with self.model() as model:
            first = await answer_of(model)
            again = await answer_of(model)
        assert len(first.sentences) == len(again.sentences)

    async def test_it_says_which_it_is(self) -> None:
        """A name for the audit log, without spaces or line ends."""
        async with self.model() as model:
            name = model.info.name
        assert name.strip()
        assert name.isprintable()
