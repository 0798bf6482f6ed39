"""A real installation with its console in a real Chromium, for journeys through the whole."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import ringdown

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# A machine may be slow; what must come is waited for, and what is there is seen at once.
expect.set_options(timeout=60_000)

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PASSWORD = "birch lantern quiet river"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class LiveConsole:
    """A running installation: where it is and who may sign in."""

    data: Path
    trusts: Path | None = None
    """Whom partners' servers have their certificates from."""
    settings: dict[str, str] = field(default_factory=dict)
    """Variables beside the usual ones."""
    base_url: str = ""
    users: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    setup_link: str | None = None
    phones: str = ""
    """Where the practice phones show their texts."""

    def start(self) -> None:
        """Start the server; the second time on the same port, so that consoles find it again."""
        port = self.base_url.rpartition(":")[2] or "0"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("RINGDOWN_")}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "ringdown.cli", "run", "--announce-json"),
                *("--data", str(self.data), "--port", port),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={
                **inherited,
                "RINGDOWN_MEDIA_SERVER__MODE": "off",
                **({"RINGDOWN_PARTNERS__CA_FILE": str(self.trusts)} if self.trusts else {}),
                **self.settings,
            },
        )
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline())
        self.base_url, self.setup_link = told["address"], told["setup_link"]
        self.phones = told["phones"]

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self._over()

    def stop(self) -> None:
        """End the server as Ctrl-C would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._over()

    def _over(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait()
        self.process.stdout.close()

    def set_up(self) -> None:
        """Make the administrator and a second telecommunicator."""
        assert self.setup_link is not None
        with httpx.Client(base_url=self.base_url, trust_env=False, timeout=60) as http:
            form = {"centre_name": "Millbrook County 911", "username": "dana"}
            form |= {"display_name": "Dana Reyes", "password": PASSWORD}
            form |= {"token": self.setup_link.partition("#")[2]}
            session = http.post("/v1/setup", json=form).raise_for_status().json()
            second = {"username": "sam", "display_name": "Sam Okafor", "password": PASSWORD}
            second |= {"roles": ["telecommunicator"], "must_change_password": False}
            token = {"X-CSRF-Token": session["csrf_token"]}
            http.post("/v1/users", json=second, headers=token).raise_for_status()
        self.users = {"dana": PASSWORD, "sam": PASSWORD}


@pytest.fixture(scope="session")
def receiver_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of partners' servers on this machine, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver of a partner")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("receiver") / "receiver.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="session")
def live_console(
    tmp_path_factory: pytest.TempPathFactory, receiver_certificate: Path
) -> Iterator[LiveConsole]:
    """The application as people run it, with its practice CAD."""
    static = Path(ringdown.__file__).parent / "console/static/index.html"
    if not static.is_file():
        pytest.fail("the console is not built: run `npm ci && npm run build` in web/")
    console = LiveConsole(tmp_path_factory.mktemp("console"), trusts=receiver_certificate)
    console.start()
    try:
        console.set_up()
        yield console
    finally:
        console.stop()


Launch = Callable[[Sequence[str]], Browser]


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """Starts a Chromium with these flags; one driver serves all of them."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        if program is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: install it, or run `playwright install chromium`")
        options: dict[str, Any] = {"executable_path": program} if program else {}
        yield lambda flags: playwright.chromium.launch(args=list(flags), **options)


@pytest.fixture(scope="session")
def browser(launch: Launch) -> Iterator[Browser]:
    chromium = launch(FLAGS)
    yield chromium
    chromium.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(browser: Browser, live_console: LiveConsole) -> Iterator[SignIn]:
    """Opens a console for a user, by keyboard. Every console is watched: no request may leave the
    installation, and no script may fail or break the page's own policy."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    broken: list[str] = []

    def watch(page: Page) -> None:
        base = live_console.base_url
        own = (base, base.replace("http", "ws", 1), "blob:", "data:")
        page.on("request", lambda r: None if r.url.startswith(own) else foreign.append(r.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on(
            "console",
            lambda m: broken.append(m.text) if "Security Policy" in m.text else None,
        )

    def open_console(user: str, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_console.base_url,
            **{"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark", **options},
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        watch(page)
        page.goto(live_console.base_url)
        page.get_by_label("User name").focus()
        page.keyboard.type(user)
        page.keyboard.press("Tab")
        page.keyboard.type(live_console.users[user])
        page.keyboard.press("Enter")
        expect(page.get_by_role("navigation", name="Calls")).to_be_visible()
        return page

    yield open_console
    for context in contexts:
        context.close()
    assert foreign == []
    assert broken == []


@pytest.fixture(scope="session")
def demo_call(live_console: LiveConsole) -> str:
    """A demo call that has begun; its id. It goes on for somewhat more than a minute."""
    form = {"username": "dana", "password": PASSWORD}
    with httpx.Client(base_url=live_console.base_url, trust_env=False, timeout=60) as http:
        session = http.post("/v1/session", json=form).raise_for_status().json()
        token = {"X-CSRF-Token": session["csrf_token"]}
        wanted = http.post("/v1/demo", headers=token).raise_for_status().json()["external_id"]
        while True:
            calls = http.get("/v1/calls").raise_for_status().json()["calls"]
            found = [call["call_id"] for call in calls if call["external_id"] == wanted]
            if found:
                return found[0]


def open_call(page: Page, call_id: str) -> None:
    """Goes to a call by its address."""
    page.evaluate("id => { location.hash = `#/call/${id}` }", call_id)
    expect(page.get_by_role("log", name="Transcript")).to_be_visible()


def axe(page: Page) -> list[str]:
    """What the accessibility checker finds; an empty list is what we want. It is run through the
    debugger, so that the page's own policy stays as strict as it is."""
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: run `npm ci` in web/")
    page.evaluate(AXE.read_text() + "; 0")
    result = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    return [
        f"{found['id']}: {node['html'][:300]} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"][:3]
    ]
