/** The audit trail: who did what, or tried to. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";

import type { ApiError } from "../api/client";
import { usePages } from "../api/queries";
import { Failure } from "../parts/Failure";
import { useKept } from "../parts/useKept";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Filters } from "./audit/Filters";
import { Records } from "./audit/Records";
import { type Wanted, asked, entry, fits, parsed, written } from "./audit/reading";

/** So many pages are looked through by themselves for records that the server cannot look for. */
const FAR = 20;
const ENOUGH = 25;

export default function Audit() {
  useTitle("Audit");
  const [wanted, setWanted] = useKept(parsed, written);
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  const found = usePages("cloudtrail", "LookupEvents", asked(wanted, now), { token: "NextToken" });
  const pages = found.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.Events ?? []).map(entry).filter((one) => fits(one, wanted));
  const far = pages.length % FAR === 0;
  const { fetchNextPage, hasNextPage, isFetching } = found;
  const short = entries.length < ENOUGH && hasNextPage && !far && !isFetching && !found.error;
  useEffect(() => {
    if (short) void fetchNextPage();
  }, [short, fetchNextPage]);
  const change = (some: Partial<Wanted>) => setWanted({ ...wanted, ...some });
  const again = () => {
    setNow(Math.floor(Date.now() / 1000));
    void found.refetch();
  };
  return (
    <Shell crumbs={[{ text: "Audit", href: "/audit" }]}>
      <SpaceBetween size="m">
        <Filters wanted={wanted} onChange={change} onClear={() => setWanted(parsed(new URLSearchParams()))} onAgain={again} busy={isFetching} />
        {found.error ? (
          <Failure error={found.error as ApiError} what="the audit trail" again={again} />
        ) : (
          <Records entries={entries} loading={found.isLoading} looking={isFetching} wanted={wanted} onChange={change} />
        )}
        {hasNextPage && far && entries.length === 0 && !isFetching && (
          <Alert type="info">Nothing in the latest {pages.length * 50} records. There are older ones.</Alert>
        )}
        {hasNextPage && (
          <Button loading={isFetching} onClick={() => void fetchNextPage()}>
            Show older records
          </Button>
        )}
      </SpaceBetween>
    </Shell>
  );
}
