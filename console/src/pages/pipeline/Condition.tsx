/** A condition of a stage: how it stands, its rules, and letting an execution pass nevertheless. */

import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import { useState } from "react";

import { may } from "../../api/may";
import { useAction } from "../../api/queries";
import { Address } from "../../parts/Address";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { Status } from "../../parts/Status";
import { When } from "../../parts/When";
import { shortId, whoIs } from "../../parts/short";
import { useNotices } from "../../shell/notices";
import { type ConditionView, type RuleView, type StageView, overridable, toneOf } from "./model";

const FOLLOWS: Record<string, string> = {
  FAIL: "the stage fails",
  SKIP: "the stage is skipped",
  ROLLBACK: "the stage is rolled back",
  RETRY: "the stage is retried once",
};

export function Condition({ pipeline, stage, condition }: { pipeline: string; stage: StageView; condition: ConditionView }) {
  const [asking, setAsking] = useState(false);
  const never = overridable(stage, condition);
  return (
    <div className="condition" data-tone={toneOf(condition.status)} role="group" aria-label={`${condition.title} of ${stage.name}`}>
      <div className="condition-head">
        <Box variant="span" fontWeight="bold">
          {condition.title}
        </Box>
        <Status status={condition.status} />
        {condition.result && (
          <Box variant="span" fontSize="body-s" color="text-body-secondary">
            if it does not hold, {FOLLOWS[condition.result] ?? condition.result}
          </Box>
        )}
        {condition.kind !== "ON_FAILURE" && ["InProgress", "Failed"].includes(condition.status ?? "") && (
          <Permitted
            asks={may("codepipeline", "OverrideStageCondition", params(pipeline, stage, condition))}
            disabled={Boolean(never)}
            disabledReason={never}
            ariaLabel={`Override the ${condition.title.toLowerCase()} of ${stage.name}`}
            onClick={() => setAsking(true)}
          >
            Override
          </Permitted>
        )}
      </div>
      {condition.summary && <Box fontSize="body-s">{condition.summary}</Box>}
      {condition.rules.length > 0 && (
        <ExpandableSection
          variant="inline"
          headerText={`${condition.rules.length === 1 ? "1 rule" : `${condition.rules.length} rules`}`}
          headerAriaLabel={`Rules of the ${condition.title.toLowerCase()} of ${stage.name}`}
          defaultExpanded={condition.status === "Failed" || condition.status === "InProgress"}
        >
          <ul className="rules">
            {condition.rules.map((each) => (
              <Rule key={each.name} rule={each} />
            ))}
          </ul>
        </ExpandableSection>
      )}
      {asking && <Override pipeline={pipeline} stage={stage} condition={condition} onDone={() => setAsking(false)} />}
    </div>
  );
}

function params(pipeline: string, stage: StageView, condition: ConditionView) {
  return {
    pipelineName: pipeline,
    stageName: stage.name,
    pipelineExecutionId: stage.executionId ?? "",
    conditionType: condition.kind === "ON_SUCCESS" ? ("ON_SUCCESS" as const) : ("BEFORE_ENTRY" as const),
  };
}

function Rule({ rule: { name, provider, latest } }: { rule: RuleView }) {
  return (
    <li>
      <Status status={latest?.status} /> <b>{name}</b>
      {provider && ` (${provider})`}
      {latest?.lastStatusChange && (
        <>
          {" "}
          <When at={latest.lastStatusChange} />
        </>
      )}
      {latest?.lastUpdatedBy && ` by ${whoIs(latest.lastUpdatedBy)}`}
      {latest?.summary && <Box fontSize="body-s">{latest.summary}</Box>}
      {latest?.errorDetails?.message && (
        <Box fontSize="body-s" color="text-status-error">
          {latest.errorDetails.message}
        </Box>
      )}
      {latest?.externalExecutionUrl && (
        <Box fontSize="body-s">
          <Address url={latest.externalExecutionUrl}>{latest.externalExecutionId ?? "What it ran"}</Address>
        </Box>
      )}
    </li>
  );
}

interface OverrideProps {
  pipeline: string;
  stage: StageView;
  condition: ConditionView;
  onDone: () => void;
}

function Override({ pipeline, stage, condition, onDone }: OverrideProps) {
  const override = useAction("codepipeline", "OverrideStageCondition");
  const { tell } = useNotices();
  // What was on the screen when the dialog was opened: another execution may enter meanwhile, and then this is refused.
  const [asked] = useState(() => params(pipeline, stage, condition));
  const go = async () => {
    await override.mutateAsync(asked);
    tell("success", `The ${condition.title.toLowerCase()} of ${stage.name} was overridden.`);
  };
  return (
    <Confirm title={`Override the ${condition.title.toLowerCase()} of ${stage.name}`} verb="Override" onConfirm={go} onDone={onDone}>
      Execution {shortId(asked.pipelineExecutionId)} goes on whatever the rules say; rules in progress are abandoned. Who overrode it
      stays in the history.
    </Confirm>
  );
}
