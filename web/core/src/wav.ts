/** A decoded piece of the recording: one array of samples in [-1, 1) per channel. */
export interface Pcm {
  rate: number;
  channels: Float32Array[];
}

/** Reads a RIFF WAVE file of 16-bit PCM. Throws `RangeError` for anything else. */
export function readWav(bytes: ArrayBuffer): Pcm {
  const view = new DataView(bytes);
  const tag = (at: number): string =>
    String.fromCharCode(...new Uint8Array(bytes, at, 4));
  if (bytes.byteLength < 12 || tag(0) !== "RIFF" || tag(8) !== "WAVE")
    throw new RangeError("not a WAVE file");
  let rate = 0;
  let channelCount = 0;
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === "fmt ") {
      if (view.getUint16(body, true) !== 1 || view.getUint16(body + 14, true) !== 16)
        throw new RangeError("not 16-bit PCM");
      channelCount = view.getUint16(body + 2, true);
      rate = view.getUint32(body + 4, true);
    } else if (tag(at) === "data") {
      if (rate === 0 || channelCount === 0) throw new RangeError("no format before the data");
      // A streamed file may claim more than it holds; what is there is what there is.
      const length = Math.min(size, bytes.byteLength - body);
      return { rate, channels: samples(view, body, length, channelCount) };
    }
    at = body + size + (size % 2);
  }
  throw new RangeError("no sound in the file");
}

function samples(view: DataView, start: number, length: number, channelCount: number): Float32Array[] {
  const frames = Math.floor(length / (2 * channelCount));
  return Array.from({ length: channelCount }, (_, channel) => {
    const out = new Float32Array(frames);
    for (let i = 0; i < frames; i += 1)
      out[i] = view.getInt16(start + 2 * (i * channelCount + channel), true) / 32768;
    return out;
  });
}
