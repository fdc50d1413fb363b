/** What conditions, results and modes are called. */

import type { ExecutionMode, Result } from "../../api/models/codepipeline";
import type { ConditionName } from "./problems";

export const TITLES: Record<ConditionName, string> = {
  beforeEntry: "Entry condition",
  onSuccess: "Success condition",
  onFailure: "On failure",
};

export const RESULTS: Record<Result, string> = {
  FAIL: "Fail the stage",
  SKIP: "Skip the stage",
  ROLLBACK: "Roll the stage back",
  RETRY: "Retry the stage",
};

export const MODES: { value: ExecutionMode; label: string; description: string }[] = [
  { value: "SUPERSEDED", label: "Superseded", description: "A newer execution overtakes those that wait." },
  { value: "QUEUED", label: "Queued", description: "Executions run one after the other, in their order." },
  { value: "PARALLEL", label: "Parallel", description: "Executions run at the same time and do not know of each other." },
];
