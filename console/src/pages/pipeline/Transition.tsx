/** What lies between two stages: the transition, who disabled it, and who waits in front of it. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Icon from "@cloudscape-design/components/icon";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { may } from "../../api/may";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { executionPage } from "../../parts/addresses";
import { shortId } from "../../parts/short";
import { useNotices } from "../../shell/notices";
import { Reasons } from "./Reasons";
import { Revisions } from "./Revisions";
import type { Executions } from "./data";
import type { StageView } from "./model";
import { reasonProblem } from "./reason";
import { disabled, inFront } from "./why";

interface Props {
  pipeline: string;
  stage: StageView;
  executions: Executions;
}

export function Transition({ pipeline, stage, executions }: Props) {
  const shut = stage.state.inboundTransitionState?.enabled === false;
  // In front of the first stage AWS shows nothing; here it shows when there is something to tell.
  if (stage.index === 0 && !shut && stage.waiting.length === 0) return null;
  const told = disabled(stage);
  return (
    <div className="transition" data-shut={shut} role="group" aria-label={`Transition into ${stage.name}`}>
      <div className="transition-bar">
        <Icon name={shut ? "status-stopped" : "arrow-down"} ariaLabel={shut ? "Disabled" : "Enabled"} variant={shut ? "error" : "subtle"} />
        {shut && (
          <Box variant="span">
            {told.text}
            {told.since !== undefined && (
              <Box variant="span" color="text-body-secondary">
                {" "}
                <When at={told.since} />
              </Box>
            )}
          </Box>
        )}
        {shut ? <Enable pipeline={pipeline} stage={stage.name} /> : <Disable pipeline={pipeline} stage={stage.name} />}
      </div>
      {stage.waiting.length > 0 && (
        <ol className="waiters" aria-label={`Executions that wait for ${stage.name}`}>
          {stage.waiting.map((each) => {
            const execution = executions.get(each.pipelineExecutionId);
            return (
              <li key={each.pipelineExecutionId}>
                <Badge>Waits</Badge>{" "}
                <RouterLink to={executionPage(pipeline, each.pipelineExecutionId)} ariaLabel={`Execution ${each.pipelineExecutionId}`}>
                  {shortId(each.pipelineExecutionId)}
                </RouterLink>
                {each.type === "ROLLBACK" && <Badge color="blue">Rollback</Badge>}
                <Revisions of={execution?.sourceRevisions} />
                <Reasons of={inFront(stage, each.pipelineExecutionId, execution?.statusSummary)} />
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}

function Enable({ pipeline, stage }: { pipeline: string; stage: string }) {
  const enable = useAction("codepipeline", "EnableStageTransition");
  const { tell, failed } = useNotices();
  const params = { pipelineName: pipeline, stageName: stage, transitionType: "Inbound" as const };
  const go = () =>
    enable.mutate(params, {
      onSuccess: () => tell("success", `Executions pass into ${stage} again.`),
      onError: (error) => failed(error, "The transition was not enabled"),
    });
  return (
    <Permitted
      asks={may("codepipeline", "EnableStageTransition", params)}
      ariaLabel={`Enable transition into ${stage}`}
      loading={enable.isPending}
      onClick={go}
    >
      Enable transition
    </Permitted>
  );
}

function Disable({ pipeline, stage }: { pipeline: string; stage: string }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const disable = useAction("codepipeline", "DisableStageTransition");
  const { tell } = useNotices();
  const params = { pipelineName: pipeline, stageName: stage, transitionType: "Inbound" as const };
  const problem = reasonProblem(reason);
  const go = async () => {
    await disable.mutateAsync({ ...params, reason });
    tell("success", `Nothing passes into ${stage} until the transition is enabled again.`);
  };
  return (
    <>
      <Permitted
        asks={may("codepipeline", "DisableStageTransition", { ...params, reason: "Asked" })}
        ariaLabel={`Disable transition into ${stage}`}
        onClick={() => setOpen(true)}
      >
        Disable transition
      </Permitted>
      {open && (
        <Confirm
          title={`Disable the transition into ${stage}`}
          verb="Disable"
          disabled={!reason.trim() || Boolean(problem)}
          onConfirm={go}
          onDone={() => {
            setOpen(false);
            setReason("");
          }}
        >
          <FormField
            label="Reason"
            description="Everybody who sees the pipeline reads it."
            constraintText={`Letters, digits, spaces and ! @ ( ) . * ? - only; ${reason.length} of 300 characters.`}
            errorText={problem}
          >
            <Textarea value={reason} onChange={(event) => setReason(event.detail.value)} autoFocus rows={3} />
          </FormField>
        </Confirm>
      )}
    </>
  );
}
