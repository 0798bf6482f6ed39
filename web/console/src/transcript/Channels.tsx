import { channelNews, channelsOf, channelTrouble, channelWords, SIDE_WORDS, type ConsoleState, type OpenCall } from "@ringdown/core";
import { Button, Hidden, Icon, Tip } from "@ringdown/ui";

import { useLive } from "../app/useDesk";
import s from "./transcript.module.css";

const pickChannels = (state: ConsoleState) => state.channels;

/** How speech follows each side: words when it is behind, the engine's name always a look away. */
export function Channels({ open }: { open: OpenCall }) {
  const told = channelsOf(open, useLive(pickChannels));
  const troubled = told.flatMap((channel) => {
    const words = channelTrouble(channel);
    return words === null ? [] : [{ channel, words }];
  });
  // One place of one height: the side that is furthest behind stands there, all are a look away.
  const [worst] = troubled.toSorted((a, b) => (b.channel.lag_ms ?? 0) - (a.channel.lag_ms ?? 0));
  const news = told.map((channel) => [channel, channelNews(channel)] as const).filter(([, words]) => words !== "");
  return (
    <span className={s["channels"]}>
      <Tip
        tip={
          told.length === 0 ? (
            <p>Nobody is being listened to yet.</p>
          ) : (
            told.map((channel) => <p key={channel.leg_id}><strong>{SIDE_WORDS[channel.side]}</strong>: {channelWords(channel)}</p>)
          )
        }
      >
        <Button kind="quiet">
          {worst ? (
            <span className={s["follow"]} data-late>
              <Icon name="warn" />{SIDE_WORDS[worst.channel.side]}: {worst.words}
              {troubled.length > 1 && <> +{troubled.length - 1}<Hidden> more</Hidden></>}
            </span>
          ) : (
            <span className={s["follow"]}><Icon name="machine" />Listening</span>
          )}
        </Button>
      </Tip>
      <span className="hidden-visually" role="status">
        {news.map(([channel, words]) => `${SIDE_WORDS[channel.side]}: ${words}.`).join(" ")}
      </span>
    </span>
  );
}
