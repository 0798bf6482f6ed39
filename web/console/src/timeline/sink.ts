import type { Pcm, Side } from "@ringdown/core";

/** Where sound goes, as a port: the player schedules, a test listens. Times in seconds. */
export interface Sink {
  now(): number;
  /** Starts a piece at this moment of `now()`'s clock. */
  schedule(pcm: Pcm, at: number): void;
  /** Forgets everything scheduled. */
  hush(): void;
  setSide(side: Side, on: boolean): void;
  /** Browsers let sound begin only from a press of a key or a button. */
  wake(): Promise<void>;
}

/**
 * WebAudio at the recording's own 8 kHz, so that pieces join without a seam. Both sides go to both
 * ears: many headsets have one.
 */
export class WebAudioSink implements Sink {
  #context: AudioContext | null = null;
  #gains: Record<Side, GainNode> | null = null;
  #sources = new Set<AudioBufferSourceNode>();
  readonly #on: Record<Side, boolean> = { caller: true, call_taker: true };

  now(): number {
    return this.#context?.currentTime ?? 0;
  }

  async wake(): Promise<void> {
    if (!this.#context) {
      const context = new AudioContext({ sampleRate: 8000 });
      const gain = (side: Side): GainNode => {
        const node = new GainNode(context, { gain: this.#on[side] ? 1 : 0, channelCount: 1 });
        node.connect(context.destination);
        return node;
      };
      this.#context = context;
      this.#gains = { caller: gain("caller"), call_taker: gain("call_taker") };
    }
    await this.#context.resume();
  }

  schedule(pcm: Pcm, at: number): void {
    const context = this.#context;
    const gains = this.#gains;
    if (!context || !gains) return;
    (["caller", "call_taker"] as const).forEach((side, channel) => {
      const samples = pcm.channels[channel];
      if (!samples || samples.length === 0) return;
      const buffer = context.createBuffer(1, samples.length, pcm.rate);
      buffer.getChannelData(0).set(samples);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(gains[side]);
      source.onended = () => this.#sources.delete(source);
      this.#sources.add(source);
      source.start(at);
    });
  }

  hush(): void {
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
  }

  setSide(side: Side, on: boolean): void {
    this.#on[side] = on;
    if (this.#gains) this.#gains[side].gain.value = on ? 1 : 0;
  }
}
