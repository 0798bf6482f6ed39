import type { ReactNode } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { Button } from "./Button";
import s from "./ui.module.css";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The window itself; it comes apart from the first load, see `Dialog`. */
export default function DialogWindow({ title, isOpen, onClose, children }: DialogProps) {
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
