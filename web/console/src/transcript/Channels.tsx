import { channelNews, channelsOf, channelTrouble, channelWords, SIDE_WORDS, type ConsoleState, type OpenCall } from "@ringdown/core";
import { Button, Icon, Tip } from "@ringdown/ui";

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
          <span className={s["follow"]} data-late={troubled.length > 0 || undefined}>
            {troubled.length === 0 ? (
              <><Icon name="machine" />Listening</>
            ) : (
              troubled.map(({ channel, words }) => (
                <span key={channel.leg_id} className={s["late"]}><Icon name="warn" />{SIDE_WORDS[channel.side]}: {words}</span>
              ))
            )}
          </span>
        </Button>
      </Tip>
      <span className="hidden-visually" role="status">
        {news.map(([channel, words]) => `${SIDE_WORDS[channel.side]}: ${words}.`).join(" ")}
      </span>
    </span>
  );
}
