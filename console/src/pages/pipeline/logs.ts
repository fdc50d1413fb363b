/** Where the log of a run is. Pure. */

import type { ActionDeclaration, ActionExecution } from "../../api/models/codepipeline";
import { buildPage, logPage, placeOf } from "../../parts/addresses";

type Run = Pick<ActionExecution, "externalExecutionUrl" | "externalExecutionId" | "logStreamARN">;

/** The page of the build, else that of the log stream; undefined where nothing is logged. */
export function logsOf(run: Run | undefined, declared?: ActionDeclaration): { page: string; text: string } | undefined {
  const place = placeOf(run?.externalExecutionUrl);
  if (place && "inside" in place && place.inside.startsWith("/builds/")) return { page: place.inside, text: "Build and log" };
  if (declared?.actionTypeId.provider === "CodeBuild" && declared.actionTypeId.owner === "AWS" && run?.externalExecutionId) {
    return { page: buildPage(run.externalExecutionId), text: "Build and log" };
  }
  const page = logPage(run?.logStreamARN);
  return page ? { page, text: "Log" } : undefined;
}
