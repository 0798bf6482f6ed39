const STEP_MS = 100;

/** The picture of a call: how loud it was where it has been heard, and who spoke when. */
export class Wave {
  #canvas;
  #peaks = [];
  #words = [];

  constructor(canvas) {
    this.#canvas = canvas;
  }

  clear() {
    this.#peaks = [];
    this.#words = [];
  }

  /** What is heard at a place, from 0 to 1. */
  heard(ms, level) {
    const at = Math.floor(ms / STEP_MS);
    this.#peaks[at] = Math.max(this.#peaks[at] ?? 0, level);
  }

  /** A whole recording at once. */
  async whole(bytes) {
    const context = new OfflineAudioContext(1, 1, 8000);
    const sound = await context.decodeAudioData(bytes);
    const step = Math.round((sound.sampleRate * STEP_MS) / 1000);
    for (let side = 0; side < sound.numberOfChannels; side += 1) {
      const samples = sound.getChannelData(side);
      for (let from = 0; from < samples.length; from += step) {
        let peak = 0;
        for (let at = from; at < Math.min(from + step, samples.length); at += 1) {
          peak = Math.max(peak, Math.abs(samples[at]));
        }
        this.heard((from / sound.sampleRate) * 1000, peak);
      }
    }
  }

  words(words) {
    this.#words = words;
  }

  draw(position, duration) {
    const canvas = this.#canvas;
    const scale = window.devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== width * scale) canvas.width = width * scale;
    if (canvas.height !== height * scale) canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (duration <= 0) return;
    const x = (ms) => 8 + (ms / duration) * (width - 16); // a slider's thumb is 16 px wide
    const middle = (height - 16) / 2;
    pen.fillStyle = inked(canvas, "--faint", colour);
    pen.fillRect(x(0), middle - 0.5, x(duration) - x(0), 1);
    this.#peaks.forEach((peak, at) => {
      const tall = Math.max(1, Math.sqrt(peak) * (middle - 2));
      pen.fillStyle = inked(canvas, at * STEP_MS <= position ? "--accent" : "--line", colour);
      pen.fillRect(x(at * STEP_MS), middle - tall, Math.max(1, x(STEP_MS) - x(0) - 0.5), tall * 2);
    });
    for (const word of this.#words) {
      const caller = word.speaker === "Caller";
      pen.fillStyle = inked(canvas, caller ? "--caller" : "--call-taker", colour);
      const from = x(word.start_offset * 1000);
      const long = Math.max(1, x(word.duration * 1000) - x(0) - 0.5);
      pen.fillRect(from, height - (caller ? 13 : 6), long, 5);
    }
    pen.fillStyle = inked(canvas, "--text", colour);
    pen.fillRect(x(position) - 1, 0, 2, height);
  }
}

/** A colour of the style sheet as the canvas understands it, in the light or the dark. */
const inks = new Map();
function inked(canvas, name, colour) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const key = `${name} ${dark}`;
  if (!inks.has(key)) {
    const before = canvas.style.color;
    canvas.style.color = colour(name);
    inks.set(key, getComputedStyle(canvas).color);
    canvas.style.color = before;
  }
  return inks.get(key);
}
