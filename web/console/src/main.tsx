import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "@ringdown/ui/tokens.css";

import { App } from "./app/App";
import { buildDesk } from "./app/Desk";
import { DeskContext } from "./app/useDesk";

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <DeskContext value={buildDesk(window)}>
        <App />
      </DeskContext>
    </StrictMode>,
  );
