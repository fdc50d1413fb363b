/** Where the work of a run can be seen: its build, its log, the pipeline that it started, or a page elsewhere. */

import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { RouterLink } from "../../parts/RouterLink";
import { outside } from "../../parts/outside";
import type { Run } from "./runs";

const e = encodeURIComponent;

export function Elsewhere({ run }: { run: Run }) {
  const found = inside(run);
  const url = outside(run.externalUrl);
  if (found.length === 0 && !url) return <>–</>;
  return (
    <SpaceBetween direction="horizontal" size="s">
      {found.map(([text, to]) => (
        <RouterLink key={to} to={to}>
          {text}
        </RouterLink>
      ))}
      {url && (
        <Link href={url} external>
          {new URL(url).host}
        </Link>
      )}
    </SpaceBetween>
  );
}

function inside(run: Run): [string, string][] {
  const found: [string, string][] = [];
  if (run.provider === "CodeBuild" && run.externalId) found.push(["Build", `/builds/${e(run.externalId)}`]);
  const log = /:log-group:([^:]+):log-stream:(.+)$/.exec(run.logStream ?? "");
  if (log) found.push(["Log", `/logs/${e(log[1])}/${e(log[2])}`]);
  const invoked = run.provider === "CodePipeline" ? run.resolved.PipelineName : undefined;
  if (invoked) found.push(["Pipeline execution", `/pipelines/${e(invoked)}/executions/${run.externalId ? e(run.externalId) : ""}`]);
  return found;
}
