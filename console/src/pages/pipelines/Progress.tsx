/** Says of how many pipelines it is known how they stand, while the list is arranged by that. */

import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";

import type { PipelineSummary } from "../../api/models/codepipeline";
import { MOST, latestOf } from "./states";

export function Progress({ pipelines }: { pipelines: PipelineSummary[] }) {
  const client = useQueryClient();
  const states = pipelines.map((each) => client.getQueryState(latestOf(each.name ?? "").queryKey));
  const known = states.filter((each) => each?.data !== undefined).length;
  const refused = states.filter((each) => each?.status === "error").length;
  if (known >= pipelines.length) return null;
  const told = `The status of ${known.toLocaleString("en")} of ${pipelines.length.toLocaleString("en")} pipelines is known`;
  if (known + refused < Math.min(pipelines.length, MOST)) {
    return <StatusIndicator type="loading">{told} so far; the rest is being read.</StatusIndicator>;
  }
  const why = refused > 0 ? `${refused.toLocaleString("en")} could not be read` : "no more are read to arrange this list";
  return (
    <StatusIndicator type="info">
      {told}: {why}.
    </StatusIndicator>
  );
}
