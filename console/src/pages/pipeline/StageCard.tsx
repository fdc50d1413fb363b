/** One stage: its colour, the execution in it, its conditions, its actions, and what can be done to it. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { RouterLink } from "../../parts/RouterLink";
import { Status } from "../../parts/Status";
import { executionPage } from "../../parts/addresses";
import { shortId } from "../../parts/short";
import { ActionBox } from "./ActionBox";
import { Condition } from "./Condition";
import { Reasons } from "./Reasons";
import { Retry } from "./Retry";
import { Revisions } from "./Revisions";
import { Rollback } from "./Rollback";
import type { Executions } from "./data";
import { type ActionView, type StageView, toneOf } from "./model";
import { inside } from "./why";

interface Props {
  pipeline: string;
  stage: StageView;
  executions: Executions;
  canRollBack: boolean;
  onDetails: (action: ActionView) => void;
  onReview: (action: ActionView) => void;
}

export function StageCard({ pipeline, stage, executions, canRollBack, onDetails, onReview }: Props) {
  const execution = stage.executionId ? executions.get(stage.executionId) : undefined;
  const before = stage.conditions.filter((each) => each.kind === "BEFORE_ENTRY");
  const after = stage.conditions.filter((each) => each.kind !== "BEFORE_ENTRY");
  // Where the sources are, each action shows its own revision.
  const fetches = stage.actions.some((each) => each.declared?.actionTypeId.category === "Source");
  return (
    <section className="stage" data-tone={toneOf(stage.status)} aria-labelledby={`stage-${stage.index}`}>
      <header className="stage-head">
        <div>
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <Box variant="h2" padding="n" id={`stage-${stage.index}`}>
              {stage.name}
            </Box>
            <Status status={stage.status} />
            {stage.state.latestExecution?.type === "ROLLBACK" && <Badge color="blue">Rollback</Badge>}
          </SpaceBetween>
          {stage.executionId && (
            <Box fontSize="body-s" color="text-body-secondary">
              Execution{" "}
              <RouterLink to={executionPage(pipeline, stage.executionId)} ariaLabel={`Execution ${stage.executionId}`} fontSize="body-s">
                {shortId(stage.executionId)}
              </RouterLink>
            </Box>
          )}
        </div>
        <SpaceBetween direction="horizontal" size="xs">
          {canRollBack && stage.index > 0 && <Rollback pipeline={pipeline} stage={stage} />}
          <Retry pipeline={pipeline} stage={stage} />
        </SpaceBetween>
      </header>
      <Reasons of={inside(stage)} />
      {before.map((each) => (
        <Condition key={each.kind} pipeline={pipeline} stage={stage} condition={each} />
      ))}
      <ol className="groups">
        {stage.groups.map((group, index) => (
          <li key={group.map((each) => each.name).join("/")} className="group" aria-label={`Run order ${index + 1}`}>
            {group.map((each) => (
              <ActionBox key={each.name} action={each} onDetails={onDetails} onReview={onReview} pipeline={pipeline} />
            ))}
          </li>
        ))}
      </ol>
      {after.map((each) => (
        <Condition key={each.kind} pipeline={pipeline} stage={stage} condition={each} />
      ))}
      {!fetches && <Revisions of={execution?.sourceRevisions} />}
    </section>
  );
}
