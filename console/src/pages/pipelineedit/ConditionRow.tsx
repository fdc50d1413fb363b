/** A stage's entry, success or failure condition in one row; of failure also what happens by itself. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { FailureConditions, RuleDeclaration, StageDeclaration } from "../../api/models/codepipeline";
import { keyOf } from "../../parts/actionform/catalog";
import { providerOf } from "../../parts/actionform/providers";
import { ConditionDialog } from "./ConditionDialog";
import { Marks } from "./Marks";
import { placeId, useDraft } from "./draft";
import { setStage } from "./edits";
import { type ConditionName, within } from "./problems";
import { RESULTS, TITLES } from "./words";

export function ConditionRow({ stage, name }: { stage: number; name: ConditionName }) {
  const { document, problems, apply } = useDraft();
  const [editing, setEditing] = useState(false);
  const each = document.stages[stage] as StageDeclaration;
  const path = ["stages", stage, name];
  const declared = each[name];
  const label = `${TITLES[name]} of stage ${each.name}`;
  const called = label.charAt(0).toLowerCase() + label.slice(1);
  const verb = name === "onFailure" ? "Set" : "Add";
  const wrong = within(problems, path).length > 0;
  return (
    <div id={placeId(path)} role="group" aria-label={label} className={`condition${declared ? "" : " none"}${wrong ? " wrong" : ""}`}>
      <div className="what">
        {declared ? <Summary name={name} declared={declared} /> : <Box color="text-body-secondary">{NOTHING[name]}</Box>}
      </div>
      <SpaceBetween direction="horizontal" size="xxs">
        <Button
          variant={declared ? "icon" : "inline-link"}
          iconName={declared ? "edit" : "add-plus"}
          ariaLabel={`${declared ? "Edit" : verb} ${called}`}
          onClick={() => setEditing(true)}
        >
          {verb}
        </Button>
        {declared && (
          <Button
            variant="icon"
            iconName="remove"
            ariaLabel={`Remove ${called}`}
            onClick={() => apply(setStage(document, stage, { [name]: undefined }), `Remove ${called}`)}
          />
        )}
      </SpaceBetween>
      <Marks path={path} />
      {editing && <ConditionDialog stage={stage} name={name} onDone={() => setEditing(false)} />}
    </div>
  );
}

const NOTHING: Record<ConditionName, string> = {
  beforeEntry: "No entry condition",
  onSuccess: "No success condition",
  onFailure: "On failure: nothing happens by itself",
};

function Summary({ name, declared }: { name: ConditionName; declared: FailureConditions }) {
  const condition = declared.conditions?.[0];
  const result = condition?.result ?? declared.result;
  const mode = declared.retryConfiguration?.retryMode;
  const retried = mode === "ALL_ACTIONS" ? "all actions" : "failed actions";
  const then = result ? RESULTS[result] : "nothing chosen";
  const rules = condition?.rules ?? [];
  return (
    <>
      <Box variant="strong">{TITLES[name]}</Box>
      {declared.result && (
        <Box>
          {RESULTS[declared.result]}
          {declared.result === "RETRY" ? ` (${retried}, once)` : ""}
        </Box>
      )}
      {rules.length > 0 && (
        <>
          <ul className="rules">
            {rules.map((rule, index) => (
              <li key={index}>
                {rule.name} <Box variant="span" color="text-body-secondary">{told(rule)}</Box>
              </li>
            ))}
          </ul>
          <Box color="text-body-secondary" fontSize="body-s">
            If a rule fails: {then.toLowerCase()}
          </Box>
        </>
      )}
    </>
  );
}

function told(rule: RuleDeclaration): string {
  const { Variable, Operator, Value, Cron } = rule.configuration ?? {};
  if (Variable !== undefined) return `${Variable} ${Operator ?? ""} ${Value ?? ""}`;
  return Cron ?? rule.commands?.join("; ") ?? providerOf(keyOf(rule.ruleTypeId)).title;
}
