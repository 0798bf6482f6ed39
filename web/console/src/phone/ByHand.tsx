import { Button, Icon } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import { copyText } from "../transcript/copy";
import s from "./phone.module.css";
import { Qr } from "./Qr";

/** Puts a text where other programs can take it. */
export function Copy({ text, what, main = false }: { text: string; what: string; main?: boolean }) {
  const desk = useDesk();
  const copy = async (): Promise<void> => desk.say((await copyText(text)) ? "Copied." : `The browser does not let this page copy. Select the ${what} instead.`);
  return <Button kind={main ? "primary" : "plain"} onPress={() => void copy()}><Icon name="copy" />Copy the {what}</Button>;
}

/** A text that a person sends by other means: to be copied, or photographed. */
export function ByHand({ text }: { text: string }) {
  return (
    <div className={s["stack"]}>
      <p className={s["small"]}>No carrier is set up here: send this text from another phone.</p>
      <div className={s["by"]}>
        <Qr text={text} label="The same text as a QR code" />
        <div className={s["stack"]}>
          <div className={s["sms"]} role="group" aria-label="The text to send">{text}</div>
          <div className={s["row"]}><Copy text={text} what="text" /></div>
        </div>
      </div>
    </div>
  );
}
