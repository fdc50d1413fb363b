/** Where the work of a run can be seen: its build, its log, the pipeline that it started, or a page elsewhere. */

import SpaceBetween from "@cloudscape-design/components/space-between";

import { DataLink } from "../../parts/DataLink";
import { RouterLink } from "../../parts/RouterLink";
import { inside, outside } from "../../parts/outside";
import type { Run } from "./runs";

const e = encodeURIComponent;
const PLACES: Record<string, string> = { CodeCommit: "Commit", S3: "Bucket" };

export function Elsewhere({ run }: { run: Run }) {
  const found = pages(run);
  const url = run.provider === "CodePipeline" ? undefined : outside(run.externalUrl);
  if (found.length === 0 && !url) return <>–</>;
  return (
    <SpaceBetween direction="horizontal" size="s">
      {found.map(([text, to]) => (
        <RouterLink key={to} to={to}>
          {text}
        </RouterLink>
      ))}
      {url && <DataLink url={url}>{inside(url) ? (PLACES[run.provider] ?? "Page") : new URL(url).host}</DataLink>}
    </SpaceBetween>
  );
}

function pages(run: Run): [string, string][] {
  const found: [string, string][] = [];
  if (run.provider === "CodeBuild" && run.externalId) found.push(["Build", `/builds/${e(run.externalId)}`]);
  const log = /:log-group:([^:]+):log-stream:(.+)$/.exec(run.logStream ?? "");
  if (log) found.push(["Log", `/logs/${e(log[1])}/${e(log[2])}`]);
  const invoked = run.provider === "CodePipeline" ? run.resolved.PipelineName : undefined;
  if (invoked) found.push(["Pipeline execution", `/pipelines/${e(invoked)}/executions/${run.externalId ? e(run.externalId) : ""}`]);
  return found;
}
