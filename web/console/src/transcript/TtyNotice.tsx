import { clockText, latestTty, SIDE_WORDS, type OpenCall } from "@ringdown/core";
import { Button, Notice, useWatched } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./transcript.module.css";

/**
 * Somebody on this call writes instead of speaking. It lies over the oldest words in sight, so that
 * nothing moves, until a person has seen it; tones heard after that say so again.
 */
export function TtyNotice({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const seen = useWatched(desk.seenTty);
  const tone = latestTty(open);
  if (!tone || tone.start_ms <= (seen[open.call_id] ?? -1)) return null;
  const time = clockText(tone.start_ms);
  const see = () => desk.seenTty.set({ ...desk.seenTty.get(), [open.call_id]: tone.start_ms });
  const caller = tone.side === "caller";
  return (
    <div className={s["tty"]}>
      <Notice tone="down" urgent actions={<Button onPress={see}>Seen</Button>}>
        <strong>TTY tones heard at {time}{caller ? "." : ` (${SIDE_WORDS[tone.side].toLowerCase()}).`}</strong>{" "}
        {caller ? "The caller may be deaf. Start a TTY or text session." : "A text telephone is in use on this side."}
      </Notice>
    </div>
  );
}
