import type { Message } from "./api";

/** One line of the thread; without an id it has not arrived yet. */
export interface Line {
  id: string | null;
  mine: boolean;
  text: string;
}

/** The messages with the centre, in order, each once, whichever way it became known. */
export class Thread {
  private readonly known = new Map<string, Line>();
  private waiting: Line[] = [];

  /** The newest that is shown: what comes after it is asked for. */
  get after(): string {
    return [...this.known.keys()].reduce((most, id) => (id > most ? id : most), "");
  }

  get lines(): readonly Line[] {
    const arrived = [...this.known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
    return [...arrived, ...this.waiting];
  }

  write(text: string): void {
    this.waiting.push({ id: null, mine: true, text });
  }

  /** What is to be sent next. */
  get next(): Line | undefined {
    return this.waiting[0];
  }

  /** Takes in what the server has; answers how many are new from the centre. */
  take(messages: readonly Message[]): number {
    let fresh = 0;
    for (const { message_id: id, direction, text } of messages) {
      if (this.known.has(id)) continue;
      const mine = direction === "in";
      // Its answer may have been lost on the way: then it is no longer waiting.
      const sent = mine ? this.waiting.findIndex((line) => line.text === text) : -1;
      if (sent >= 0) this.waiting.splice(sent, 1);
      if (!mine) fresh += 1;
      this.known.set(id, { id, mine, text });
    }
    return fresh;
  }
}
