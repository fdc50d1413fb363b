/** Messages about what was done, above every page; they are announced to screen readers. */

import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { type ReactNode, createContext, useCallback, useContext, useMemo, useState } from "react";

import type { ApiError } from "../api/client";

type Tell = (type: FlashbarProps.Type, content: ReactNode, header?: ReactNode) => void;

const Context = createContext<{ tell: Tell; failed: (error: ApiError | Error, what: string) => void } | undefined>(undefined);
const Items = createContext<FlashbarProps.MessageDefinition[]>([]);
const GONE_AFTER = 8_000;
let last = 0;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);
  const tell = useCallback<Tell>((type, content, header) => {
    const id = String((last += 1));
    const drop = () => setItems((before) => before.filter((item) => item.id !== id));
    const item = { id, type, content, header, dismissible: true, dismissLabel: "Dismiss the message", onDismiss: drop };
    setItems((before) => [item, ...before].slice(0, 5));
    if (type === "success" || type === "info") setTimeout(drop, GONE_AFTER);
  }, []);
  const failed = useCallback((error: Error, what: string) => tell("error", `${error.name}: ${error.message}`, what), [tell]);
  const value = useMemo(() => ({ tell, failed }), [tell, failed]);
  return (
    <Context.Provider value={value}>
      <Items.Provider value={items}>{children}</Items.Provider>
    </Context.Provider>
  );
}

export function useNotices() {
  const known = useContext(Context);
  if (!known) throw new Error("useNotices is used outside of NoticesProvider");
  return known;
}

export function Notices() {
  return <Flashbar items={useContext(Items)} />;
}
