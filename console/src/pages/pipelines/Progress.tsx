/** Says of how many pipelines it is known how they stand, while the list is arranged by that. */

import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { Counts } from "./states";

export function Progress({ all, known, refused, reading }: Counts) {
  if (known >= all) return null;
  const told = `The status of ${known.toLocaleString("en")} of ${all.toLocaleString("en")} pipelines is known`;
  if (reading) return <StatusIndicator type="loading">{told} so far; the rest is being read.</StatusIndicator>;
  const why = refused > 0 ? `${refused.toLocaleString("en")} could not be read` : "no more are read to arrange this list";
  return (
    <StatusIndicator type="info">
      {told}: {why}.
    </StatusIndicator>
  );
}
