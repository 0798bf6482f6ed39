"""What the lamp of the facts says: whether everything that happens reaches every part."""

from ringdown.runtime.lamps import Lamps

NAME = "facts"


class FactsLamp:
    """The lamp `facts`, from what the bus reports. Facts set aside outlast a lost connection."""

    def __init__(self, lamps: Lamps) -> None:
        self._lamps = lamps
        self._aside: str | None = None
        self._connected: bool | None = True
        self._written = True

    def starting(self) -> None:
        """A message server is set up and has not answered yet."""
        self._connected = None
        self._light()

    def ok(self) -> None:
        """Nothing outside is needed."""
        self._light()

    def connected(self, connected: bool) -> None:
        """Whether the message server answers."""
        self._connected = connected
        self._light()

    def written(self, taken: bool) -> None:
        """Whether the database took what was written last."""
        if taken != self._written:
            self._written = taken
            self._light()

    def dead_letter(self, name: str) -> None:
        """A subscription gave up on a fact."""
        self._aside = name
        self._light()

    def _light(self) -> None:
        if not self._written:
            self._lamps.set(
                NAME,
                "down",
                "The database takes nothing: it is locked, full or away. Notes, decisions and new "
                "words are not kept.",
                still_works="Recording and reading go on. Take notes on paper; words come later.",
            )
        elif self._connected is None:
            self._lamps.set(NAME, "working", "Connecting to the message server (NATS).")
        elif not self._connected:
            self._lamps.set(
                NAME,
                "down",
                "The message server (NATS) does not answer. Drafts, words of new calls and CAD "
                "messages wait for it.",
                still_works=(
                    "Recording, notes, typed fields, confirming, printing and the transcript of "
                    "calls under way go on. What waits is done once it answers."
                ),
            )
        elif self._aside is not None:
            self._lamps.set(
                NAME,
                "down",
                f"Something could not be handled by {self._aside}; it is set aside.",
                still_works="Recording, transcript and notes go on.",
            )
        else:
            self._lamps.set(NAME, "ok", "Everything that happens is passed on.")
