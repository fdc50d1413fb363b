/** The way to an approval's dialog; disabled, with the reason, for who may not answer this very action. */

import { may } from "../../api/may";
import { Permitted } from "../../parts/Permitted";
import type { ActionView } from "./model";

interface Props {
  pipeline: string;
  action: Pick<ActionView, "stage" | "name" | "latest">;
  onReview: () => void;
}

/** The question whether one may answer an approval. */
export function mayAnswer(pipeline: string, stage: string, action: string, token: string) {
  const result = { summary: "", status: "Approved" as const };
  return may("codepipeline", "PutApprovalResult", { pipelineName: pipeline, stageName: stage, actionName: action, token, result });
}

export function ReviewButton({ pipeline, action, onReview }: Props) {
  return (
    <Permitted
      asks={mayAnswer(pipeline, action.stage, action.name, action.latest?.token ?? "")}
      ariaLabel={`Review ${action.name}`}
      onClick={onReview}
    >
      Review
    </Permitted>
  );
}
