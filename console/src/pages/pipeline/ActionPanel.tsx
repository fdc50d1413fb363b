/** Everything about one action and its latest run, beside the page. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import SplitPanel from "@cloudscape-design/components/split-panel";
import Toggle from "@cloudscape-design/components/toggle";
import { type ReactNode, useState } from "react";

import { objectUrl } from "../../api/client";
import { may, useAllowed } from "../../api/may";
import type { ActionExecutionDetail, ArtifactDetail } from "../../api/models/codepipeline";
import { useCall } from "../../api/queries";
import { Address } from "../../parts/Address";
import { Failure } from "../../parts/Failure";
import { RouterLink } from "../../parts/RouterLink";
import { Status } from "../../parts/Status";
import { Took, When } from "../../parts/When";
import { whoIs } from "../../parts/short";
import { LogTail } from "./LogTail";
import { logsOf } from "./logs";
import type { ActionView, StageView } from "./model";

interface Props {
  pipeline: string;
  stage: StageView;
  action: ActionView;
}

export function ActionPanel({ pipeline, stage, action }: Props) {
  const { latest, declared } = action;
  // A run of an earlier execution is looked for among the recent runs of the pipeline.
  const filter = action.stale || !stage.executionId ? {} : { filter: { pipelineExecutionId: stage.executionId } };
  const params = { pipelineName: pipeline, ...filter };
  const readable = useAllowed(may("codepipeline", "ListActionExecutions", params));
  const runs = useCall("codepipeline", "ListActionExecutions", params, { enabled: readable === true && latest !== undefined });
  const run = runs.data?.actionExecutionDetails?.find((each) => each.actionExecutionId === latest?.actionExecutionId);
  return (
    <SplitPanel header={`${action.stage} / ${action.name}`} hidePreferencesButton closeBehavior="hide">
      <SpaceBetween size="l">
        {action.stale && <Alert type="info">The execution in this stage has not come to this action. What you see is its run before.</Alert>}
        {latest?.errorDetails && (
          <Alert type="error" header={latest.errorDetails.code}>
            <span className="said">{latest.errorDetails.message}</span>
          </Alert>
        )}
        <Failure error={runs.error} what="the runs of this action" />
        {readable === false && (
          <Alert type="info">Artifacts, variables and the resolved configuration take codepipeline:ListActionExecutions to be seen.</Alert>
        )}
        <KeyValuePairs columns={4} items={facts(action, run)} />
        <LogTail arn={latest?.logStreamARN} running={latest?.status === "InProgress"} />
        <Configuration configuration={run?.input?.configuration ?? declared?.configuration} resolved={run?.input?.resolvedConfiguration} />
        {declared?.commands?.length ? (
          <Part title="Commands">
            <Box variant="pre">{declared.commands.join("\n")}</Box>
          </Part>
        ) : null}
        <div className="side-by-side">
          <Artifacts title="Input artifacts" of={run?.input?.inputArtifacts} names={declared?.inputArtifacts} />
          <Artifacts title="Output artifacts" of={run?.output?.outputArtifacts} names={declared?.outputArtifacts} />
        </div>
        <Values title="Output variables" of={run?.output?.outputVariables} />
      </SpaceBetween>
    </SplitPanel>
  );
}

function facts(action: ActionView, run: ActionExecutionDetail | undefined): KeyValuePairsProps.Item[] {
  const { latest, declared, state } = action;
  const type = declared?.actionTypeId ?? run?.input?.actionTypeId;
  const logs = logsOf(latest, declared);
  const revision = state?.currentRevision;
  const rows: [string, ReactNode][] = [
    ["Status", <Status key="status" status={latest?.status} />],
    ["Provider", type && `${type.category} / ${type.owner} / ${type.provider} (${type.version})`],
    ["Started", run?.startTime && <When at={run.startTime} />],
    ["Took", run?.startTime && <Took from={run.startTime} to={latest?.status === "InProgress" ? undefined : run.lastUpdateTime} />],
    ["Last changed", latest?.lastStatusChange && <When at={latest.lastStatusChange} />],
    ["By", latest?.lastUpdatedBy && whoIs(latest.lastUpdatedBy)],
    ["Revision", revision && <Address url={state?.revisionUrl}>{<code className="said">{revision.revisionId}</code>}</Address>],
    ["Summary", latest?.summary && <span className="said">{latest.summary}</span>],
    ["Log", logs && <RouterLink to={logs.page}>{logs.text}</RouterLink>],
    [
      "External execution",
      latest?.externalExecutionId && (
        <Address url={latest.externalExecutionUrl}>
          <span className="said">{latest.externalExecutionId}</span>
        </Address>
      ),
    ],
    ["Role", run?.input?.roleArn ?? declared?.roleArn],
    ["Region", run?.input?.region ?? declared?.region],
    ["Namespace", run?.input?.namespace ?? declared?.namespace],
    ["Run order", declared?.runOrder ?? (declared && 1)],
    ["Timeout", declared?.timeoutInMinutes && `${declared.timeoutInMinutes} min`],
    [
      "Action execution",
      latest?.actionExecutionId && (
        <CopyToClipboard
          variant="inline"
          textToCopy={latest.actionExecutionId}
          copyButtonAriaLabel="Copy the id of the action execution"
          copySuccessText="Copied"
          copyErrorText="Not copied"
        />
      ),
    ],
  ];
  return rows.filter(([, value]) => value).map(([label, value]) => ({ label, value }));
}

function Part({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <div>
      <Header variant="h3" actions={actions}>
        {title}
      </Header>
      {children}
    </div>
  );
}

function Configuration({ configuration, resolved }: { configuration?: Record<string, string>; resolved?: Record<string, string> }) {
  const [open, setOpen] = useState(false);
  if (!configuration || Object.keys(configuration).length === 0) return null;
  const differs = resolved !== undefined && JSON.stringify(resolved) !== JSON.stringify(configuration);
  return (
    <Values
      title="Configuration"
      of={open && resolved ? resolved : configuration}
      actions={
        differs && (
          <Toggle checked={open} onChange={(event) => setOpen(event.detail.checked)}>
            Show resolved configuration
          </Toggle>
        )
      }
    />
  );
}

function Values({ title, of, actions }: { title: string; of: Record<string, string> | undefined; actions?: ReactNode }) {
  const rows = Object.entries(of ?? {});
  if (rows.length === 0) return null;
  return (
    <Part title={title} actions={actions}>
      <KeyValuePairs columns={3} items={rows.map(([label, value]) => ({ label, value: <span className="said">{value}</span> }))} />
    </Part>
  );
}

function Artifacts({ title, of, names }: { title: string; of: ArtifactDetail[] | undefined; names: { name: string }[] | undefined }) {
  const shown: ArtifactDetail[] = of?.length ? of : (names ?? []);
  if (shown.length === 0) return null;
  return (
    <Part title={title}>
      <ul className="revisions">
        {shown.map(({ name, s3location }) => (
          <li key={name}>
            {s3location?.bucket && s3location.key ? (
              <Link href={objectUrl(s3location.bucket, s3location.key)} ariaLabel={`Download ${name}`}>
                {name}
              </Link>
            ) : (
              name
            )}
            {s3location && (
              <Box fontSize="body-s" color="text-body-secondary">
                <span className="said">{`${s3location.bucket}/${s3location.key}`}</span>
              </Box>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
