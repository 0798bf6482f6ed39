import { Room, RoomEvent } from "livekit-client";

/** One listening session: the sound, where it stands, and the five commands.
 *
 * Events: `status` (after each status and command), `problem` (a refused command, or why the session
 * ends), `link` (detail: "joined", "away", "back", "gone"), `silent` (the browser wants a click).
 */
export class Player extends EventTarget {
  /** The last status, exactly as it came; null before the first. */
  status = null;
  #heardAt = 0;
  #room = null;
  #analyser = null;
  #context = null;
  #samples = new Float32Array(1024);

  constructor({ relayOnly = false, oldPackets = false } = {}) {
    super();
    this.relayOnly = relayOnly;
    this.oldPackets = oldPackets;
  }

  async join({ url, token }) {
    const room = new Room();
    this.#room = room;
    room.on(RoomEvent.TrackSubscribed, (track) => this.#hear(track));
    room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((one) => one.remove()));
    room.on(RoomEvent.DataReceived, (payload) => this.#told(payload));
    room.on(RoomEvent.AudioPlaybackStatusChanged, () => {
      if (!room.canPlaybackAudio) this.#say("silent");
    });
    room.on(RoomEvent.Reconnecting, () => this.#say("link", "away"));
    room.on(RoomEvent.Reconnected, () => this.#say("link", "back"));
    room.on(RoomEvent.Disconnected, () => this.#say("link", "gone"));
    const rtcConfig = this.relayOnly ? { iceTransportPolicy: "relay" } : {};
    await room.connect(url, token, { rtcConfig });
    this.#say("link", "joined");
  }

  async leave() {
    this.#room?.removeAllListeners();
    await this.#room?.disconnect();
    document.querySelectorAll("audio.listening").forEach((element) => element.remove());
    await this.#context?.close();
    this.#context = null;
  }

  /** To be called from a click, when the browser keeps the page silent. */
  async allowSound() {
    await this.#room?.startAudio();
    await this.#context?.resume();
  }

  pause = () => this.#send({ cmd: "pause" });
  resume = () => this.#send({ cmd: "resume" });
  toEnd = () => this.#send({ cmd: "scrub-to-end" });
  scrub = (ms) => this.#send({ cmd: "scrub", position: Math.round(ms) });
  gain = (side, decibels) => this.#send({ cmd: "set-gain", callerType: side, gain: decibels });

  /** Where the sound is now, in ms: the last status carried on by the clock. */
  position(now = performance.now()) {
    if (!this.status) return 0;
    const { position, paused } = this.status;
    return paused ? position : Math.min(position + now - this.#heardAt, this.duration(now));
  }

  /** How long the call is by now, in ms. */
  duration(now = performance.now()) {
    if (!this.status) return 0;
    const { duration, callOver } = this.status;
    return callOver ? duration : duration + now - this.#heardAt;
  }

  /** How loud the sound is at this moment, 0 to 1. */
  level() {
    if (!this.#analyser) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return this.#samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  }

  /** The tone that is loudest at this moment, in Hz; 0 in silence. Tests listen with it. */
  tone() {
    if (!this.#analyser || this.level() < 0.01) return 0;
    const bins = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(bins.reduce((most, bin) => Math.max(most, bin), -Infinity));
    return (loudest * this.#context.sampleRate) / this.#analyser.fftSize;
  }

  #hear(track) {
    if (track.kind !== "audio") return;
    const element = track.attach(); // what makes it heard; the analyser only looks on
    element.className = "listening";
    element.hidden = true;
    document.body.append(element);
    this.#context ??= new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 4096;
    this.#analyser.smoothingTimeConstant = 0;
    const stream = new MediaStream([track.mediaStreamTrack]);
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
  }

  #told(payload) {
    const message = JSON.parse(new TextDecoder().decode(payload));
    if (message.kind === "status") {
      this.status = message;
      this.#heardAt = performance.now();
      this.#say("status");
    } else if (message.kind === "error" || message.kind === "closed") {
      this.#say("problem", message);
    } // other kinds may come later: they are for other versions of this page
  }

  async #send(command) {
    const packet = new TextEncoder().encode(JSON.stringify(command));
    // Version 1 took the kind of packet here (0 is "reliable"); version 2 wants an object and sends
    // unreliably when it gets anything else. Ringdown reads both.
    const how = this.oldPackets ? 0 : { reliable: true };
    await this.#room?.localParticipant.publishData(packet, how);
  }

  #say(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}
