import { type Look, SHARES, type Share } from "./api";
import { appOf, ownBrowser } from "./device";
import { button, h, say, show } from "./dom";
import { fill, isLanguage, type Language, LANGUAGES, type Words } from "./words";

export interface Asked {
  look: Look;
  words: Words;
  language: Language;
  agent: string;
  /** What is ticked; what was asked for at first. */
  ticked: ReadonlySet<Share>;
  agree: (shares: Share[]) => void;
  refuse: () => void;
  speak: (language: Language, ticked: ReadonlySet<Share>) => void;
}

/** The question: who asks for what, that the call goes on, and that one can stop. */
export function ask(page: HTMLElement, asked: Asked): void {
  const { look, words: w } = asked;
  const shares = SHARES.filter((share) => look.shares.includes(share));
  const label = (share: Share) => (share === "video" && look.carry_audio === true ? w.videoSound : w[share]);
  const boxes = shares.map((share) => h("input", { type: "checkbox", name: share, checked: asked.ticked.has(share) }));
  const ticked = () => shares.filter((_, index) => boxes[index]?.checked);
  const trouble = h("p", { className: "warn", role: "alert", hidden: true });
  const heading = h("h1", { id: "asks" }, fill(w.asks, { agency: look.agency }));
  const fields = h("fieldset", {}, ...shares.map((share, index) => h("label", { className: "check" }, boxes[index] as Node, label(share))));
  fields.setAttribute("aria-labelledby", "asks");
  const app = shares.includes("video") || shares.includes("location") ? appOf(asked.agent) : null;
  const select = h("select", {}, ...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, lang: code, selected: code === asked.language }, name)));
  select.onchange = () => {
    if (isLanguage(select.value)) asked.speak(select.value, new Set(ticked()));
  };
  const agree = () => {
    const chosen = ticked();
    if (chosen.length > 0) asked.agree(chosen);
    else say(trouble, w.chooseOne);
  };
  show(
    page,
    heading,
    fields,
    h("ul", { className: "notes" }, ...[w.callGoesOn, w.notYet, w.canStop].map((text) => h("li", {}, text))),
    app === null ? null : h("p", { className: "warn" }, fill(w.inApp, { browser: ownBrowser(asked.agent) })),
    trouble,
    button(w.agree, agree, "first"),
    button(w.refuse, asked.refuse),
    h("p", { className: "quiet" }, shares.some((share) => share === "video" || share === "location") ? `${w.phoneAsks} ` : null, w.onlyThis),
    h("label", {}, w.language, select),
  );
}
