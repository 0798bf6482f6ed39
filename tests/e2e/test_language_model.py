"""A language model reads along, as a telecommunicator meets it: apart, cited, withheld, revealed."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from ringdown.testing.llm_server import LlmServer, serving_llm
from tests.e2e.conftest import LiveConsole, SignIn, axe, open_call
from tests.e2e.test_heard import Call

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

SAID = "My name is Priya Raman, there is smoke at 412 Maple Street, please hurry."
VALUES = ("Priya", "Raman", "412", "Maple")


@pytest.fixture(scope="module")
def llm() -> Iterator[LlmServer]:
    server = LlmServer()
    with serving_llm(server) as server.url:  # type: ignore[attr-defined]
        yield server


@pytest.fixture(scope="module")
def live_console(tmp_path_factory: pytest.TempPathFactory, llm: LlmServer) -> Iterator[LiveConsole]:
    """An installation whose administrator has named a language model."""
    section = "RINGDOWN_ASSIST__"
    console = LiveConsole(
        tmp_path_factory.mktemp("assist"),
        settings={
            f"{section}PLUGIN": "openai-compatible",
            f"{section}EVERY_S": "0.5",
            f"{section}OPENAI_COMPATIBLE__URL": llm.url,  # type: ignore[attr-defined]
            f"{section}OPENAI_COMPATIBLE__MODEL": "small-model",
            f"{section}OPENAI_COMPATIBLE__ALLOW_PLAIN_HTTP": "true",
        },
    )
    console.start()
    try:
        console.set_up()
        yield console
    finally:
        console.stop()


@pytest.fixture
def call(live_console: LiveConsole, request: pytest.FixtureRequest) -> Iterator[Call]:
    with httpx.Client(base_url=live_console.base_url, trust_env=False, timeout=60) as http:
        made = Call(live_console, http, f"model-{request.node.name[:50]}")
        yield made
        http.post(f"/v1/calls/{made.id}/hangup", json={})


def test_what_a_model_writes_is_read_played_revealed_and_switched_off(
    sign_in: SignIn, call: Call, llm: LlmServer
) -> None:
    """In tokens until somebody asks; the seconds are there; nothing comes once it is off."""
    page = sign_in("dana")
    open_call(page, call.id)
    panel = page.get_by_role("region", name="Written by a language model")
    expect(panel.get_by_text("Nothing written yet.")).to_be_visible()
    call.hear(SAID, 4_000)
    sentences = panel.get_by_role("list", name="Sentences of the language model")
    expect(sentences).to_contain_text("Caller reports: My name is [NAME_1], there is smoke")
    expect(panel.get_by_text("small-model")).to_be_visible()
    assert not any(value in panel.inner_text() for value in VALUES)
    assert not any(value in b"".join(llm.raw).decode() for value in VALUES)
    expect(panel.get_by_role("button", name="Play 0:04").first).to_be_visible()
    assert axe(page) == []
    panel.get_by_role("button", name="Reveal values").click()
    expect(sentences).to_contain_text("Priya Raman")
    expect(panel.get_by_role("button", name="Reveal values")).to_have_count(0)

    llm.conduct = "lies"
    call.hear("He says somebody is in there.", 12_000)
    expect(panel.get_by_text("Withheld: 5")).to_be_visible()
    expect(panel).not_to_contain_text("shotgun")
    expect(sentences).to_contain_text("Priya Raman")

    panel.get_by_role("button", name="Switch off for this call").click()
    expect(panel.get_by_text("Off for this call: Dana Reyes")).to_be_visible()
    asked = len(llm.asked)
    call.hear("The fire is out now.", 20_000)
    expect(page.get_by_role("log", name="Transcript")).to_contain_text("The fire is out now.")
    page.wait_for_timeout(1_500)
    assert len(llm.asked) == asked


def test_a_model_that_stalls_takes_nothing_from_the_call(
    sign_in: SignIn, call: Call, llm: LlmServer
) -> None:
    """Words and draft come as ever."""
    llm.conduct = "stall"
    page = sign_in("dana")
    open_call(page, call.id)
    call.hear("There is a fire at 14 Oak Avenue, somebody is hurt.", 4_000)
    expect(page.get_by_role("log", name="Transcript")).to_contain_text("14 Oak Avenue")
    for _ in range(100):
        if "14 Oak" in (call.location()["value"] or ""):
            break
        page.wait_for_timeout(100)
    assert "14 Oak" in call.location()["value"]
    panel = page.get_by_role("region", name="Written by a language model")
    expect(panel.get_by_text("Nothing written yet.")).to_be_visible()
