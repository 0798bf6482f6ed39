import { Api, type Look, type Share } from "./api";
import { ask } from "./ask";
import { describe } from "./device";
import { button, h, show } from "./dom";
import { secretOf, tokenOf } from "./link";
import { noticeOf, type Notice, passes } from "./screens";
import { Sharing } from "./sharing";
import { direction, isLanguage, type Language, load, preferred, type Words } from "./words";

const RETRY_MS = 3000;
const later = () => new Promise((done) => setTimeout(done, RETRY_MS));

/** From the link to the question, to what is shared, to the end, and back to the question. */
class CallersPage {
  private readonly agent = navigator.userAgent;
  private shown: Notice | null = null;
  private language: Language = "en";

  constructor(
    private readonly page: HTMLElement,
    private readonly api: Api,
    private words: Words,
  ) {}

  async begin(language: Language, token: string | null): Promise<void> {
    this.language = language;
    if (token === null) {
      this.notice("wrong");
      return;
    }
    const look = await this.look(token);
    if (look === null) return;
    if (isLanguage(look.language) && look.language !== this.language) await this.speak(look.language);
    this.question(token, look, new Set(look.shares));
  }

  private async look(token: string): Promise<Look | null> {
    for (;;) {
      try {
        return await this.api.look(token);
      } catch (error) {
        this.notice(noticeOf(error));
        if (!passes(error)) return null;
        await later();
      }
    }
  }

  private question(token: string, look: Look, ticked: ReadonlySet<Share>): void {
    this.shown = null;
    ask(this.page, {
      look,
      words: this.words,
      language: this.language,
      agent: this.agent,
      ticked,
      agree: (shares) => void this.share(token, look, shares),
      refuse: () => {
        this.notice("refused", () => this.question(token, look, ticked));
        // It is recorded and costs nothing; without a connection there is nothing to record.
        this.open(token, []).catch(() => undefined);
      },
      speak: (language, kept) => void this.speak(language).then(() => this.question(token, look, kept)),
    });
  }

  private open(token: string, shares: readonly Share[]) {
    return this.api.open(token, shares, describe(this.agent));
  }

  private async share(token: string, look: Look, shares: readonly Share[]): Promise<void> {
    const { api, words, agent } = this;
    const again = () => this.question(token, look, new Set(shares));
    show(this.page, h("h1", {}, words.starting), h("p", {}, words.callGoesOn));
    this.shown = null;
    for (;;) {
      try {
        const opened = this.open(token, shares);
        // Fetched while the server answers: what it is for was agreed to just now.
        if (shares.includes("video")) import("./sender").catch(() => undefined);
        const session = await opened;
        const done = (notice: Notice) => this.notice(notice, again);
        new Sharing(this.page, { api, session, words, agent, done, open: (more) => this.open(token, more) }).start(opened);
        return;
      } catch (error) {
        if (!passes(error)) {
          this.notice(noticeOf(error), again);
          return;
        }
        this.notice("offline");
        await later();
      }
    }
  }

  /** Loads a language; without a connection it is tried until it is there. */
  private async speak(language: Language): Promise<void> {
    this.words = await spoken(language);
    this.language = language;
  }

  private notice(what: Notice, again = () => location.reload()): void {
    if (this.shown === what) return;
    this.shown = what;
    const { words: w } = this;
    const labels: Partial<Record<Notice, string>> = { refused: w.shareAgain, stopped: w.shareAgain, busy: w.tryAgain, offline: w.tryAgain };
    const label = labels[what];
    const way = label === undefined ? null : button(label, again, "first");
    show(this.page, h("h1", {}, w[`${what}Title`]), h("p", {}, w[`${what}Text`]), way);
  }
}

async function spoken(language: Language): Promise<Words> {
  for (;;) {
    try {
      const words = await load(language);
      document.documentElement.lang = language;
      document.documentElement.dir = direction(language);
      return words;
    } catch {
      await later();
    }
  }
}

// A page brought back from the browser's memory asks again, as any reopened one.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("hashchange", () => location.reload());

const main = document.querySelector("main");
const language = preferred(navigator.languages);
const token = tokenOf(location.hash);
const secret = token === null ? "" : secretOf(token, () => sessionStorage, (bytes) => crypto.getRandomValues(bytes));
const api = new Api((input, init) => fetch(input, init), secret);
if (main !== null) void spoken(language).then((words) => new CallersPage(main, api, words).begin(language, token));
