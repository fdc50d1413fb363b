/** Running a stage again, in the same execution. */

import ButtonDropdown from "@cloudscape-design/components/button-dropdown";

import { may, useMay } from "../../api/may";
import { useAction } from "../../api/queries";
import { useNotices } from "../../shell/notices";
import { type StageView, hasFailed, retryable } from "./model";

type Mode = "FAILED_ACTIONS" | "ALL_ACTIONS";

export function Retry({ pipeline, stage }: { pipeline: string; stage: StageView }) {
  const retry = useAction("codepipeline", "RetryStageExecution");
  const { tell, failed } = useNotices();
  const params = (retryMode: Mode) => ({
    pipelineName: pipeline,
    stageName: stage.name,
    pipelineExecutionId: stage.executionId ?? "",
    retryMode,
  });
  const shown = retryable(stage);
  const [refused] = useMay(shown ? [may("codepipeline", "RetryStageExecution", params("ALL_ACTIONS"))] : []);
  if (!shown) return null;
  const go = (mode: Mode) =>
    retry.mutate(params(mode), {
      onSuccess: () => tell("success", `${stage.name} is tried again.`),
      onError: (error) => failed(error, `${stage.name} was not tried again`),
    });
  const acting = stage.actions.some((each) => each.status === "InProgress");
  return (
    <ButtonDropdown
      items={[
        {
          id: "FAILED_ACTIONS",
          text: "Retry failed actions",
          disabled: !hasFailed(stage),
          disabledReason: "No action has failed: retry all of them.",
        },
        {
          id: "ALL_ACTIONS",
          text: "Retry all actions",
          description: "From the first action on",
          disabled: acting,
          disabledReason: "Actions are in progress: wait until they have ended.",
        },
      ]}
      disabled={Boolean(refused)}
      disabledReason={refused}
      loading={retry.isPending}
      onItemClick={(event) => go(event.detail.id as Mode)}
    >
      Retry stage
    </ButtonDropdown>
  );
}
