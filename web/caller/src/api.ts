export type Share = "location" | "video" | "upload" | "chat";
export const SHARES: readonly Share[] = ["location", "video", "upload", "chat"];

/** What the link asks for, before anything is bound. */
export interface Look {
  agency: string;
  shares: Share[];
  language: string;
  carry_audio?: boolean;
}

/** What the page works with after it was opened. */
export interface Session {
  link_id: string;
  agency: string;
  shares: Share[];
  trail_every_s: number;
  max_kbps: number;
  carry_audio: boolean;
}

export interface Message {
  message_id: string;
  direction: string;
  kind: string;
  text: string;
  at: string;
}

export interface VideoReport {
  state: "none" | "live" | "slides" | "dead";
  width: number;
  height: number;
  fps: number;
  kbps: number;
  loss_percent: number;
  sound: boolean;
}

export interface Alive {
  orders: string[];
  state: string;
  shares: Share[];
  messages: Message[];
}

export interface Fix {
  lat: number;
  lon: number;
  accuracy_m: number;
  altitude_m: number | null;
  altitude_accuracy_m: number | null;
  heading_deg: number | null;
  speed_mps: number | null;
  at: string;
}

export interface Room {
  url: string;
  token: string;
}

/** An answer that is no success; status 0: there was none. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code = "",
  ) {
    super(code || String(status));
  }
}

const PATIENCE_MS = 8000;
type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** What the page may ask of its server; the cookie goes along by itself. */
export class Api {
  constructor(
    private readonly fetch: Fetch,
    /** What this phone would have as its cookie: should an answer be lost, it is known by it. */
    private readonly proposed = "",
    private readonly base = "/l/api",
  ) {}

  look = (token: string) => this.post<Look>("look", { token, proposed: this.proposed });

  /** How often something was agreed to: what was to be stopped before that is not stopped after it. */
  opens = 0;
  private last: Promise<unknown> = Promise.resolve();

  open = async (token: string, shares: readonly Share[], device: string) => {
    this.opens += 1;
    return (await this.inTurn(() => this.post<{ session: Session }>("open", { token, shares, device, clock: now(), proposed: this.proposed }))).session;
  };

  stop = (share: Share | "all", reason = "") => this.inTurn(() => this.post("stop", { share, reason }));

  /** One after the other, so that yes and no arrive in the order in which they were said. */
  private inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const asked = this.last.then(ask, ask);
    this.last = asked;
    return asked;
  }

  alive = (sharing: readonly Share[], video: VideoReport | null, after: string) =>
    this.post<Alive>("alive", { sharing, video, after }, 5000);

  fixes = (fixes: readonly Fix[]) => this.post("fixes", { fixes, clock: now() });

  text = (text: string) => this.post<Message>("text", { text });

  video = () => this.post<Room>("video", {});

  private async post<T>(path: string, body: unknown, patience = PATIENCE_MS): Promise<T> {
    const answer = await this.ask(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }, patience);
    return (await answer.json().catch(() => ({}))) as T;
  }

  /** One request. Raises Failure for whatever is no success, also for none in time. */
  async ask(path: string, init: RequestInit, patience = PATIENCE_MS): Promise<Response> {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), patience);
    try {
      const answer = await this.fetch(path.startsWith("/") ? path : `${this.base}/${path}`, {
        ...init,
        cache: "no-store",
        credentials: "same-origin",
        signal: over.signal,
      });
      if (answer.ok) return answer;
      const problem = (await answer.json().catch(() => ({}))) as { code?: string };
      throw new Failure(answer.status, problem.code);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(0);
    } finally {
      clearTimeout(timer);
    }
  }
}

const now = () => new Date().toISOString();
