import type { CallerLinkState, ConsentView, FixView, Language, LinkView, MessageView, Phone, ResponderLinkView, Share, TextBackView, UploadView, VideoHealth, ViewingView } from "@ringdown/core";

/** The languages a caller can be asked in: by their English name, and as their speakers write them. */
export const LANGUAGES: readonly { code: Language; english: string; own: string }[] = [
  { code: "en", english: "English", own: "English" },
  { code: "es", english: "Spanish", own: "Español" },
  { code: "zh", english: "Chinese", own: "中文" },
  { code: "vi", english: "Vietnamese", own: "Tiếng Việt" },
  { code: "ko", english: "Korean", own: "한국어" },
  { code: "tl", english: "Tagalog", own: "Tagalog" },
  { code: "ru", english: "Russian", own: "Русский" },
  { code: "ar", english: "Arabic", own: "العربية" },
  { code: "fr", english: "French", own: "Français" },
  { code: "pt", english: "Portuguese", own: "Português" },
  { code: "ht", english: "Haitian Creole", own: "Kreyòl ayisyen" },
];
export const languageName = (code: Language): string => LANGUAGES.find((one) => one.code === code)?.english ?? code;
export const direction = (code: string): "rtl" | "ltr" => (code === "ar" ? "rtl" : "ltr");

export const SHARES: readonly Share[] = ["location", "video", "upload", "chat"];
export const SHARE_WORDS: Readonly<Record<Share, string>> = {
  location: "Location",
  video: "Live video",
  upload: "Photos and videos",
  chat: "Text chat",
};
/** `location, live video`. */
export const sharesText = (shares: readonly Share[]): string =>
  SHARES.filter((share) => shares.includes(share)).map((share) => SHARE_WORDS[share].toLowerCase()).join(", ");

/** A span for a glance: `12 s`, `3 min`, `1 h 5 min`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const OVER: ReadonlySet<CallerLinkState> = new Set(["stopped", "expired", "revoked"]);
export const isOver = (link: Pick<LinkView, "state">): boolean => OVER.has(link.state);

/** Whether the caller, who stopped it, may open it again while its time lasts. */
export const goesOn = (link: Pick<LinkView, "state" | "reason">): boolean => link.state === "stopped" && link.reason === "caller";

/** Links that may still do something, and those that are over; the newest first. */
export function linksOf(phone: Pick<Phone, "links">): { current: LinkView[]; over: LinkView[] } {
  const newest = phone.links.toSorted((a, b) => (a.made_at < b.made_at ? 1 : -1));
  return { current: newest.filter((link) => !isOver(link)), over: newest.filter(isOver) };
}

/** The consent that a person recorded on the call and that no link has been made of: the link can go now. */
export function openConsent({ consents, links }: Pick<Phone, "consents" | "links">): ConsentView | null {
  const last = consents.filter((one) => one.via === "voice").reduce<ConsentView | null>((a, b) => (a && a.at > b.at ? a : b), null);
  if (!last || (last.outcome !== "agreed" && last.outcome !== "overridden")) return null;
  return links.some((link) => link.consent_id === last.consent_id) ? null : last;
}

/** What was asked and answered, in one line. */
export function consentWords({ outcome, via, shares, by, reason }: ConsentView): string {
  const what = sharesText(shares);
  const who = by?.name ?? "nobody named";
  const words = {
    agreed: via === "page" ? `Agreed on their page: ${what}` : `Asked and agreed: ${what} (${who})`,
    refused: via === "page" ? `Refused on their page: ${what}` : `Asked and refused: ${what} (${who})`,
    overridden: `Located without consent by ${who}`,
    withdrawn: `Taken back by the caller: ${what}`,
  }[outcome];
  return reason ? `${words}. Reason: ${reason}` : words;
}

/** What a link is doing, for a glance, and how a person should take it. */
export function linkWords(link: LinkView): { text: string; tone: "ok" | "warn" | "down" | "quiet" } {
  switch (link.state) {
    case "made":
      return { text: "Ready to be sent", tone: "quiet" };
    case "sent":
      return { text: "Sent, not opened yet", tone: "quiet" };
    case "opened":
      return link.quiet_since ? { text: "Opened, then no sign of life", tone: "warn" } : { text: "Page open, nothing shared now", tone: "quiet" };
    case "sharing":
      return link.quiet_since ? { text: "No sign of life from the page", tone: "down" } : { text: `Shares ${sharesText(link.sharing)}`, tone: "ok" };
    case "stopped":
      return { text: "Stopped by the caller", tone: "quiet" };
    case "expired":
      return { text: "Ran out", tone: "quiet" };
    case "revoked":
      return { text: "Taken back", tone: "quiet" };
    case "failed":
      return { text: "The message did not arrive", tone: "down" };
    default:
      return link.state satisfies never;
  }
}

/** How a message travels. */
export function messageWords({ state, direction: way, error }: Pick<MessageView, "state" | "direction" | "error">): string {
  if (way === "in") return "";
  const words = {
    manual: "to be sent by you",
    queued: "waiting to be sent",
    sent: "sent",
    delivered: "delivered",
    undelivered: "did not arrive",
    failed: "could not be sent",
    received: "on the page",
  }[state];
  return error ? `${words}: ${error}` : words;
}
export const didNotArrive = ({ state }: Pick<MessageView, "state">): boolean => state === "undelivered" || state === "failed";

/** Why the console offers to go on by text. */
export const OFFER_WORDS: Readonly<Record<NonNullable<LinkView["offer"]>, string>> = {
  undelivered: "The message with the link did not arrive.",
  unopened: "The caller has not opened the link.",
  media_dead: "No pictures come through any more.",
  quiet: "The caller’s page gives no sign of life.",
};

/** Location asked in words, for a phone without data. */
export const ASK_IN_WORDS = "Please text us where you are: street and number, or what you see around you.";

/** Where the phone is, with what a person must know to believe it: `47.61012, -122.33410, within 12 m, 8 s ago`. */
export function fixWords(fix: FixView, now: number): string {
  return [
    `${fix.lat.toFixed(5)}, ${fix.lon.toFixed(5)}`,
    `within ${fix.accuracy_m < 1000 ? `${Math.round(fix.accuracy_m)} m` : `${(fix.accuracy_m / 1000).toFixed(1)} km`}`,
    fix.floor === null ? null : `floor ${fix.floor}`,
    fix.altitude_m === null ? null : `${Math.round(fix.altitude_m)} m up`,
    `${span(now - Date.parse(fix.at))} ago`,
  ].filter(Boolean).join(", ");
}

/** How the video comes through: `640 × 480, 15 pictures a second, 212 kbit/s`. */
export function healthWords({ width, height, fps, kbps, loss_percent }: Pick<VideoHealth, "width" | "height" | "fps" | "kbps" | "loss_percent">): string {
  const rate = fps >= 2 ? `${Math.round(fps)} pictures a second` : fps > 0 ? "about one picture a second" : null;
  return [
    width > 0 ? `${width} × ${height}` : null,
    rate,
    `${Math.round(kbps)} kbit/s`,
    loss_percent >= 1 ? `${Math.round(loss_percent)} % lost` : null,
  ].filter(Boolean).join(", ");
}

/** A file's size for a person. */
export function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Why a file was refused, by the server's code. */
const REFUSED: Readonly<Record<string, string>> = {
  "uploads.file.too_large": "too large",
  "uploads.file.empty": "it was empty",
  "uploads.file.unknown_kind": "no photo and no video",
  "uploads.file.heif": "HEIC or AVIF, which is not read here; the caller is asked for a JPEG",
  "uploads.file.markup": "a drawing or a page, which may hold a program",
  "uploads.file.archive": "a packed file",
  "uploads.file.several_kinds": "something else hides in it",
  "uploads.file.too_many_pixels": "it unpacks to more than a camera takes",
  "uploads.file.broken": "it cannot be read",
  "uploads.file.malware": "your malware check says it is harmful",
  "uploads.file.never_whole": "the rest of it never came",
};

export function uploadWords({ state, size, received, reason, via }: Pick<UploadView, "state" | "size" | "received" | "reason"> & Partial<UploadView>): string {
  switch (state) {
    case "receiving":
      return via === "recording" ? "being recorded" : `coming in, ${size > 0 ? Math.floor((100 * received) / size) : 0} %`;
    case "checking":
      return reason === null ? "being checked" : "waits: it cannot be checked now";
    case "quarantined":
      return "nobody has looked at it yet";
    case "viewed":
      return "looked at";
    case "refused":
      return `refused: ${REFUSED[reason ?? ""] ?? reason ?? "no reason given"}`;
    case "removed":
      return reason === "caller" ? "taken back by the caller" : `removed: ${reason ?? "no reason given"}`;
    default:
      return state satisfies never;
  }
}
export const canBeShown = ({ state }: Pick<UploadView, "state">): boolean => state === "quarantined" || state === "viewed";

/** Others who have the same before them now: a supervisor may look instead of them. */
export const viewersOf = (viewings: readonly ViewingView[], subjectId: string, exceptUserId: string): ViewingView[] =>
  viewings.filter((one) => one.subject_id === subjectId && one.ended_at === null && one.by.user_id !== exceptUserId);

export const ROLE_WORDS: Readonly<Record<ResponderLinkView["role"], string>> = { police: "Police", fire: "Fire", ems: "Medical", other: "Other" };
export const SHOWN_WORDS: Readonly<Record<ResponderLinkView["shows"][number], string>> = {
  incident: "Confirmed incident",
  location: "Live location",
  video: "Live video",
  text: "Text",
};

/** What has become of a call to text back. */
export function textBackWords({ state, due_at, texted_at, answered_at, unmatched }: TextBackView, now: number): string {
  const since = (iso: string | null) => (iso === null ? "" : ` ${span(now - Date.parse(iso))} ago`);
  switch (state) {
    case "waiting":
      return now < Date.parse(due_at) ? `due in ${span(Date.parse(due_at) - now)}` : `waiting for ${span(now - Date.parse(due_at))}`;
    case "texted":
      return now < Date.parse(due_at) ? `texted${since(texted_at)}` : `texted${since(texted_at)}, no answer`;
    case "answered":
      return `${unmatched ? "wrote" : "answered"}${since(answered_at)}`;
    case "closed":
      return "closed";
    default:
      return state satisfies never;
  }
}
