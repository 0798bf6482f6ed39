import type { Session, Share } from "./api";
import type { CameraTrouble } from "./camera";
import { isApple } from "./device";
import { button, h, say, show } from "./dom";
import type { Line } from "./thread";
import { fill, type Words } from "./words";

export type CameraState = "off" | "wait" | "joining" | "on" | "slides" | "dead" | "away" | "interrupted" | "ended" | "closed" | CameraTrouble;
export type PlaceState = { is: "wait" | "denied" | "none" | "off" } | { is: "on"; metres: number };

export interface Handlers {
  stop: (share: Share | "all") => void;
  camera: () => void;
  place: () => void;
  turn: () => void;
  light: () => void;
  write: (text: string) => void;
  file: (file: File) => void;
}

/** What the caller sees while sharing. It only shows; `Sharing` decides. */
export interface Panel {
  connection(lost: boolean): void;
  camera(state: CameraState, track: MediaStreamTrack | null, sound: boolean): void;
  light(there: boolean, on: boolean): void;
  place(state: PlaceState): void;
  /** The centre takes no more of this. */
  close(share: Share): void;
  thread(lines: readonly Line[]): void;
  /** A new file; the answer changes what is said of it. */
  file(name: string): (text: string) => void;
}

const LIVE: ReadonlySet<CameraState> = new Set(["wait", "joining", "on", "slides", "dead", "interrupted"]);
const AGAIN: ReadonlySet<CameraState> = new Set(["off", "away", "ended", "denied", "none", "busy", "never"]);

function cameraWords(w: Words, agency: string, agent: string): Record<CameraState, string> {
  return {
    off: w.cameraOff,
    wait: `${w.cameraWait} ${w.phoneAsks}`,
    joining: w.cameraJoining,
    on: w.cameraOn,
    slides: w.cameraSlides,
    dead: w.cameraDead,
    away: w.cameraAway,
    interrupted: w.cameraBusy,
    ended: w.cameraEnded,
    closed: fill(w.cameraClosed, { agency }),
    denied: `${w.cameraDenied} ${isApple(agent) ? w.allowIphone : w.allowAndroid}`,
    none: w.cameraNone,
    busy: w.cameraBusy,
    never: w.cameraNever,
  };
}

export function panel(page: HTMLElement, session: Session, w: Words, agent: string, on: Handlers): Panel {
  const { agency } = session;
  const has = (share: Share) => session.shares.includes(share);
  const connection = h("p", { className: "warn", role: "status", hidden: true });

  // the camera
  const cameraSays = h("p", { role: "status" });
  const picture = h("video", { muted: true, autoplay: true, playsInline: true, hidden: true });
  picture.setAttribute("playsinline", "");
  picture.setAttribute("aria-label", w.cameraPicture);
  const turn = button(w.turn, on.turn);
  const light = button(w.light, on.light);
  const cameraAgain = button(w.cameraAgain, on.camera);
  const cameraStop = button(w.cameraStop, () => on.stop("video"));
  const cameraRow = h("div", { className: "row" }, turn, light);
  const cameraName = h("h2");
  const camera = h("section", {}, cameraName, cameraSays, picture, cameraRow, cameraAgain, cameraStop);

  // the place
  const placeSays = h("p", { role: "status" });
  const placeAgain = button(w.tryAgain, on.place);
  const placeStop = button(w.locationStop, () => on.stop("location"));
  const place = h("section", {}, h("h2", {}, w.location), placeSays, placeAgain, placeStop);

  // messages
  const lines = h("div", { className: "thread", role: "log" });
  lines.setAttribute("aria-label", w.messages);
  const text = h("textarea", { id: "text", rows: 2, maxLength: 1600, dir: "auto" });
  const send = () => {
    const written = text.value.trim();
    if (written === "") return;
    text.value = "";
    on.write(written);
  };
  text.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const chat = h("section", {}, h("h2", {}, w.messages), lines, h("label", { htmlFor: "text" }, w.write), text, button(w.send, send));

  // files
  const sent = h("div", { role: "status" });
  const pick = (label: string, accept: string, capture: boolean) => {
    const input = h("input", { type: "file", accept });
    if (capture) input.setAttribute("capture", "environment");
    input.onchange = () => {
      for (const file of input.files ?? []) on.file(file);
      input.value = "";
    };
    return h("label", { className: "pick" }, label, input);
  };
  const files = h("section", {}, h("h2", {}, w.files), pick(w.takePhoto, "image/jpeg,image/png", true), pick(w.chooseFile, "image/jpeg,image/png,image/webp,video/mp4,video/quicktime,video/webm,video/3gpp", false), sent);

  show(
    page,
    h("h1", {}, fill(w.sharing, { agency })),
    h("p", {}, `${w.callGoesOn} ${w.keepOpen}`),
    connection,
    has("video") ? camera : null,
    has("location") ? place : null,
    has("chat") ? chat : null,
    has("upload") ? files : null,
    h("div", { className: "bar" }, button(w.stop, () => on.stop("all"), "stop")),
  );

  const says = cameraWords(w, agency, agent);
  return {
    connection: (lost) => say(connection, lost ? w.lost : ""),
    close(share) {
      if (share === "chat") chat.hidden = true;
      if (share === "upload") files.hidden = true;
    },
    camera(state, track, sound) {
      // A phone may give its camera and no microphone.
      say(cameraName, session.carry_audio && (sound || track === null) ? w.videoSound : w.video);
      say(cameraSays, says[state]);
      const stream = picture.srcObject instanceof MediaStream ? picture.srcObject : null;
      if (stream?.getTracks()[0] !== (track ?? undefined)) {
        picture.srcObject = track === null ? null : new MediaStream([track]);
        // Where the browser refuses to play, the picture stays dark; it is sent all the same.
        if (track !== null) picture.play().catch(() => undefined);
      }
      picture.hidden = track === null;
      cameraRow.hidden = track === null;
      cameraAgain.hidden = !AGAIN.has(state);
      cameraStop.hidden = !LIVE.has(state);
    },
    light(there, lit) {
      light.hidden = !there;
      light.setAttribute("aria-pressed", String(lit));
    },
    place(state) {
      const said = { wait: w.locationWait, denied: `${w.locationDenied} ${isApple(agent) ? w.allowIphone : w.allowAndroid}`, none: w.locationNone, off: w.locationOff };
      say(placeSays, state.is === "on" ? fill(w.locationOn, { metres: Math.ceil(state.metres) }) : said[state.is]);
      say(placeAgain, state.is === "off" ? w.shareAgain : w.tryAgain);
      placeAgain.hidden = state.is === "on" || state.is === "wait";
      placeStop.hidden = state.is === "off" || state.is === "denied";
    },
    thread(all) {
      // What is there stays, so that it is not read again.
      all.forEach((line, index) => {
        const key = `${line.id ?? ""} ${line.text}`;
        const there = lines.children[index] as HTMLElement | undefined;
        if (there?.dataset["key"] === key) return;
        const item = h("div", { className: line.mine ? "mine" : "" }, h("b", {}, line.mine ? w.you : agency), h("span", { dir: "auto" }, line.text));
        if (line.id === null) item.append(h("b", { className: "quiet" }, w.notSent));
        if (!line.mine && index === all.length - 1) item.append(answers(line.text, on.write));
        item.dataset["key"] = key;
        if (there === undefined) lines.append(item);
        else there.replaceWith(item);
      });
      while (lines.children.length > all.length) lines.lastElementChild?.remove();
    },
    file(name) {
      const item = h("p", {}, name, " ", h("b", {}));
      sent.append(item);
      return (said) => say(item.lastElementChild as HTMLElement, said);
    },
  };
}

/** Questions come with lettered answers, such as `A = yes`: each is a button. */
function answers(text: string, write: (text: string) => void): HTMLElement {
  const found = [...text.matchAll(/^([A-D]) = (.+)$/gm)];
  return h("div", { className: "row" }, ...found.map(([, letter, answer]) => button(`${letter ?? ""}: ${answer ?? ""}`, () => write(letter ?? ""))));
}
