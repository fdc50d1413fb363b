/** Where the work of a run can be seen: its build, its log, the pipeline that it started, or a page elsewhere. */

import SpaceBetween from "@cloudscape-design/components/space-between";

import { Address } from "../../parts/Address";
import { RouterLink } from "../../parts/RouterLink";
import { buildPage, executionPage, logPage, pipelinePage, placeOf } from "../../parts/addresses";
import type { Run } from "./runs";

const PLACES: Record<string, string> = { CodeCommit: "Commit", S3: "Bucket" };

export function Elsewhere({ run }: { run: Run }) {
  const found = pages(run);
  const place = run.provider === "CodePipeline" || run.provider === "CodeBuild" ? undefined : placeOf(run.externalUrl);
  if (found.length === 0 && !place) return <>–</>;
  return (
    <SpaceBetween direction="horizontal" size="s">
      {found.map(([text, to]) => (
        <RouterLink key={to} to={to}>
          {text}
        </RouterLink>
      ))}
      {place && (
        <Address url={run.externalUrl}>
          {"inside" in place ? (PLACES[run.provider] ?? "Page") : new URL(place.outside).host}
        </Address>
      )}
    </SpaceBetween>
  );
}

function pages(run: Run): [string, string][] {
  const found: [string, string][] = [];
  if (run.provider === "CodeBuild" && run.externalId) found.push(["Build", buildPage(run.externalId)]);
  const log = logPage(run.logStream);
  if (log) found.push(["Log", log]);
  const invoked = run.provider === "CodePipeline" ? run.resolved.PipelineName : undefined;
  if (invoked) found.push(["Pipeline execution", run.externalId ? executionPage(invoked, run.externalId) : pipelinePage(invoked)]);
  return found;
}
