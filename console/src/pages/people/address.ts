/** Addresses of people and policies, and what of a page is kept in its address. */

import { useSearchParams } from "react-router";

export type HolderKind = "user" | "group" | "role";

/** Where a user, group or role is shown; of a policy the ARN stands for the name. */
export function placeOf(kind: HolderKind | "policy", name: string): string {
  return `/people/${kind}/${encodeURIComponent(name)}`;
}

/** The tab that is open, kept in the address. */
export function useTab(otherwise: string): [string, (tab: string) => void] {
  const [query, setQuery] = useSearchParams();
  const set = (tab: string) => setQuery(tab === otherwise ? {} : { tab });
  return [query.get("tab") ?? otherwise, set];
}

/** The last part of a policy's ARN. */
export function policyName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
