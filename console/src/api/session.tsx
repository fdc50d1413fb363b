/** Who is signed in, and the ways in and out. */

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useState } from "react";

import { onSignedOut, request } from "./client";

export interface Session {
  signedIn: boolean;
  account: string;
  region: string;
  /** ARN of whose rights apply: the person's, or the role's after switching. */
  arn?: string;
  kind?: "root" | "user" | "role";
  name?: string;
  /** The name of the person, also while in a role. */
  person?: string;
  role?: string | null;
  expires?: number;
  password?: boolean;
}

interface Known {
  session: Session | undefined;
  /** True when the session ended while a page was open: it stays, behind a dialog. */
  over: boolean;
  refresh: () => Promise<void>;
  signOut: () => Promise<void>;
}

const Context = createContext<Known | undefined>(undefined);

/** The question who is signed in. */
export const SESSION = queryOptions({
  queryKey: ["session"],
  queryFn: () => request<Session>("GET", "/session"),
  staleTime: 300_000,
  retry: 2,
});

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [over, setOver] = useState(false);
  const found = useQuery(SESSION);
  useEffect(() => onSignedOut(() => setOver(true)), []);
  const refresh = async () => {
    await client.refetchQueries({ queryKey: ["session"] });
    setOver(false);
    await client.invalidateQueries();
  };
  const signOut = async () => {
    await request("DELETE", "/session");
    client.clear();
    window.location.assign("/console/sign-in");
  };
  return <Context.Provider value={{ session: found.data, over, refresh, signOut }}>{children}</Context.Provider>;
}

export function useSession(): Known {
  const known = useContext(Context);
  if (!known) throw new Error("useSession is used outside of SessionProvider");
  return known;
}

/** The session of pages that are seen by people who signed in only. */
export function usePerson(): Session {
  return useSession().session as Session;
}
