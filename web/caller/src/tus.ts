import { type Api, Failure } from "./api";

const CHUNK = 262_144;
const TUS = { "Tus-Resumable": "1.0.0" };
const LONGEST_MS = 120_000;
const LOOKS = 90;

export type Progress = (part: number, waiting: boolean) => void;

/** Sends one file by tus 1.0 (https://tus.io), and goes on where it stopped when the connection is back. */
export async function send(api: Api, file: Blob, progress: Progress, sleep: (ms: number) => Promise<void>, over: () => boolean): Promise<void> {
  const again = async <T>(step: () => Promise<T>): Promise<T> => {
    for (let wait = 1000; ; wait = Math.min(wait * 2, 8000)) {
      try {
        return await step();
      } catch (error) {
        if (over() || !passing(error)) throw error;
        progress(offset / file.size, true);
        await sleep(wait);
      }
    }
  };
  const offsetOf = (answer: Response) => Number(answer.headers.get("Upload-Offset") ?? 0);
  let offset = 0;
  progress(0, false);
  const made = await again(() =>
    api.ask("uploads", {
      method: "POST",
      headers: { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": `filetype ${btoa(file.type || "application/octet-stream")}` },
    }),
  );
  const place = new URL(made.headers.get("Location") ?? "", "https://here/l/api/uploads").pathname;
  let sure = true;
  while (offset < file.size) {
    const next = await again(async () => {
      if (over()) throw new Failure(499);
      try {
        // After a lost answer nobody knows how much arrived but the server.
        if (!sure) offset = offsetOf(await api.ask(place, { method: "HEAD", headers: TUS }));
        sure = true;
        if (offset >= file.size) return offset;
        const body = file.slice(offset, offset + CHUNK);
        const headers = { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
        return offsetOf(await api.ask(place, { method: "PATCH", headers, body }, LONGEST_MS));
      } catch (error) {
        sure = false;
        throw error;
      }
    });
    offset = next;
    progress(offset / file.size, false);
  }
  // It is looked through before it counts as arrived.
  for (let look = 0; look < LOOKS; look += 1) {
    const told = await again(async () => (await (await api.ask(place, {})).json()) as { state: string; code?: string | null });
    if (told.state === "refused") throw new Failure(415, told.code ?? "");
    if (told.state !== "receiving" && told.state !== "checking") return;
    await sleep(1000);
  }
}

/** No answer, a busy server, and bytes at the wrong place pass; a refusal does not. */
function passing(error: unknown): boolean {
  const status = error instanceof Failure ? error.status : 0;
  return status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
}
