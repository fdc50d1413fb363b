/** What an execution is, at a glance. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { RouterLink } from "../../parts/RouterLink";
import { Status } from "../../parts/Status";
import { Took, When } from "../../parts/When";
import type { Known } from "./reading";
import { approval, latest } from "./runs";
import { short, triggerWords, why } from "./words";

export function Summary({ known }: { known: Known }) {
  const { execution, name, id } = known;
  const { what, who } = triggerWords(execution.trigger);
  const target = execution.rollbackMetadata?.rollbackTargetPipelineExecutionId;
  const sentence = why(known);
  const attempts = retried(known);
  const pipeline = `/pipelines/${encodeURIComponent(name)}`;
  return (
    <Container>
      <SpaceBetween size="m">
        {sentence && (
          <Box>
            {sentence}{" "}
            {execution.executionMode !== "PARALLEL" && known.runs.some((run) => run.status === "InProgress" && approval(run)) && (
              <RouterLink to={pipeline}>Review it</RouterLink>
            )}
          </Box>
        )}
        <KeyValuePairs
          columns={4}
          minColumnWidth={130}
          items={[
            { label: "Status", value: <Status status={execution.status} /> },
            { label: "Started", value: <When at={known.started} /> },
            { label: "Duration", value: <Took from={known.started} to={known.ended} /> },
            {
              label: "Execution id",
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToDisplay={short(id)}
                  textToCopy={id}
                  copyButtonAriaLabel={`Copy the id ${id}`}
                  copySuccessText="Copied"
                  copyErrorText="Could not be copied"
                />
              ),
            },
            {
              label: "Trigger",
              value: (
                <span title={execution.trigger?.triggerDetail}>
                  {what}
                  {who && <Box color="text-body-secondary">{who}</Box>}
                </span>
              ),
            },
            { label: "Execution mode", value: execution.executionMode ?? "–" },
            { label: "Pipeline version", value: <RouterLink to={`${pipeline}/versions`}>{String(execution.pipelineVersion)}</RouterLink> },
            {
              label: "Type",
              value: target ? (
                <>
                  Rollback to <RouterLink to={`${pipeline}/executions/${target}`}>{short(target)}</RouterLink>
                </>
              ) : attempts > 0 ? (
                `Standard, ${attempts} ${attempts === 1 ? "action was" : "actions were"} retried`
              ) : (
                "Standard"
              ),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

/** Actions that ran more than once. */
function retried(known: Known): number {
  const stages = [...new Set(known.runs.map((run) => run.stage))];
  return stages.reduce((sum, stage) => {
    const here = known.runs.filter((run) => run.stage === stage && !run.rule);
    return sum + latest(here).filter((last) => here.some((run) => run.name === last.name && run.id !== last.id)).length;
  }, 0);
}
