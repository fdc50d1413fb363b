/** The last lines of a run's log. */

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";

import { may, useAllowed } from "../../api/may";
import { useCall } from "../../api/queries";
import { RouterLink } from "../../parts/RouterLink";
import { logPage } from "../../parts/addresses";

const LINES = 12;
const EVERY = 2_000;

export function LogTail({ arn, running }: { arn: string | undefined; running: boolean }) {
  const found = /:log-group:([^:]+):log-stream:(.+)$/.exec(arn ?? "");
  const params = { logGroupName: found?.[1] ?? "-", logStreamName: found?.[2] ?? "-", limit: LINES };
  const readable = useAllowed(may("logs", "GetLogEvents", params), Boolean(found));
  const tail = useCall("logs", "GetLogEvents", params, { enabled: readable === true, every: running ? EVERY : false });
  if (!found || readable === false) return null;
  const lines = (tail.data?.events ?? []).map((each) => (each.message ?? "").replace(/\r?\n$/, ""));
  return (
    <div>
      <Header variant="h3" actions={<RouterLink to={logPage(arn) ?? "/logs"}>The whole log</RouterLink>}>
        End of the log
      </Header>
      {tail.error ? <Box color="text-status-error">{tail.error.message}</Box> : <pre className="log-tail">{lines.join("\n")}</pre>}
    </div>
  );
}
