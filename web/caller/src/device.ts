/** What is known of the phone from what its browser calls itself. Words only; nothing depends on it but hints. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "Chromebook"],
  [/Mac OS X/, "Mac"],
  [/Linux/, "Linux"],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/SamsungBrowser/, "Samsung Internet"],
  [/Edg[A-Z]*\//, "Edge"],
  [/OPR\/|OPT\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/CriOS\/|Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const APPS: readonly (readonly [RegExp, string])[] = [
  [/FBAN|FBAV|FB_IAB/, "Facebook"],
  [/Instagram/, "Instagram"],
  [/MicroMessenger/, "WeChat"],
  [/\bLine\//, "LINE"],
  [/KAKAOTALK/i, "KakaoTalk"],
  [/Snapchat/, "Snapchat"],
  [/TikTok|musical_ly|Bytedance/i, "TikTok"],
  [/Twitter/, "X"],
  [/\bGSA\//, "Google"],
  [/; wv\)/, "app"],
];

const first = (list: readonly (readonly [RegExp, string])[], agent: string) => list.find(([pattern]) => pattern.test(agent))?.[1];

/** Whether the phone takes what Apple's take: they all run the same engine. */
export const isApple = (agent: string): boolean => /iPhone|iPad|iPod/.test(agent);

/** The app whose own window shows this page, where it is none of the browsers. */
export function appOf(agent: string): string | null {
  const known = first(APPS, agent);
  if (known !== undefined) return known;
  // A window inside an iPhone's app does not call itself Safari.
  return isApple(agent) && !agent.includes("Safari/") ? "app" : null;
}

/** The browser that this phone surely has. */
export const ownBrowser = (agent: string): string => (isApple(agent) ? "Safari" : "Chrome");

/** The phone in plain words, such as `iPhone, Safari`. */
export function describe(agent: string): string {
  const system = first(SYSTEMS, agent) ?? "Phone";
  const browser = appOf(agent) ?? first(BROWSERS, agent);
  return browser === undefined ? system : `${system}, ${browser}`;
}
