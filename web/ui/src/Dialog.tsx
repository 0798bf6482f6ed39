import type { ReactNode } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { Button } from "./Button";
import s from "./ui.module.css";

/** A window over the console; opened by the person only, closed with Escape, focus returns. */
export function Dialog({ title, isOpen, onClose, children }: { title: string; isOpen: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <ModalOverlay className={s["overlay"] ?? ""} isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={s["modal"] ?? ""}>
        <AriaDialog className={s["dialog"] ?? ""}>
          <div className={s["dialogHead"]}>
            <Heading slot="title" level={2}>{title}</Heading>
            <Button kind="quiet" onPress={onClose}>Close</Button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
