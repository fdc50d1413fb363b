/** Edits the condition of a stage: its rules and what happens when one fails; of failure also what happens without rules. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { FailureConditions, Result, RuleDeclaration, StageDeclaration } from "../../api/models/codepipeline";
import { RuleForm } from "../../parts/actionform/RuleForm";
import { kindOf, newRule, useRuleTypes } from "../../parts/actionform/catalog";
import { checkRule } from "../../parts/actionform/check";
import { surroundings } from "../../parts/actionform/surroundings";
import { FormDialog } from "./FormDialog";
import { useDraft } from "./draft";
import { freeName, setStage } from "./edits";
import { CONDITIONS, type ConditionName } from "./problems";
import { RESULTS, TITLES } from "./words";

type RetryMode = "FAILED_ACTIONS" | "ALL_ACTIONS";

interface Plan {
  result: Result;
  retryMode: RetryMode;
  rules: RuleDeclaration[];
}

export function ConditionDialog({ stage, name, onDone }: { stage: number; name: ConditionName; onDone: () => void }) {
  const { document, apply } = useDraft();
  const each = document.stages[stage] as StageDeclaration;
  const [plan, setPlan] = useState(() => read(each, name));
  const [tried, setTried] = useState(false);
  const types = useRuleTypes();
  const names = plan.rules.map((rule) => rule.name);
  const errors = plan.rules.map((rule, index) => checkRule(rule, kindOf(types.kinds, rule.ruleTypeId), names.toSpliced(index, 1)));
  const empty = plan.rules.length === 0 && name !== "onFailure";
  const { artifacts } = surroundings(document, stage, undefined, { after: name !== "beforeEntry" });
  const set = (change: Partial<Plan>) => setPlan({ ...plan, ...change });
  const done = () => {
    setTried(true);
    if (empty || (types.kinds && errors.some((found) => Object.keys(found).length > 0))) return;
    apply(setStage(document, stage, { [name]: written(plan, name) }), `${TITLES[name]} of stage ${each.name}`);
    onDone();
  };
  return (
    <FormDialog title={`${TITLES[name]} of stage ${each.name}`} verb="Done" size="large" onSubmit={done} onCancel={onDone}>
      <SpaceBetween size="l">
        <Box color="text-body-secondary">{MEANING[name]}</Box>
        <Outcome name={name} plan={plan} set={set} />
        {plan.rules.map((rule, index) => (
          <ExpandableSection
            key={index}
            variant="stacked"
            defaultExpanded
            headerText={rule.name || `Rule ${index + 1}`}
            headerActions={
              <Button
                iconName="remove"
                variant="icon"
                ariaLabel={`Remove rule ${rule.name || index + 1}`}
                onClick={() => set({ rules: plan.rules.toSpliced(index, 1) })}
              />
            }
          >
            <RuleForm
              value={rule}
              onChange={(next) => set({ rules: plan.rules.with(index, next) })}
              errors={tried ? errors[index] : {}}
              artifacts={artifacts}
              skips={plan.result === "SKIP"}
            />
          </ExpandableSection>
        ))}
        <FormField errorText={tried && empty ? "A condition needs a rule." : undefined}>
          <Button
            iconName="add-plus"
            disabled={plan.rules.length >= 5}
            disabledReason="A condition has five rules at most."
            onClick={() => set({ rules: [...plan.rules, newRule("", freeName("Rule", names))] })}
          >
            Add rule
          </Button>
        </FormField>
      </SpaceBetween>
    </FormDialog>
  );
}

const MEANING: Record<ConditionName, string> = {
  beforeEntry: "Looked at when an execution has entered the stage, before its first action begins.",
  onSuccess: "Looked at when all actions have succeeded, before the execution goes on to the next stage.",
  onFailure: "What happens when the stage has failed. Without rules it happens in any case; with rules, when one of them fails.",
};

function Outcome({ name, plan, set }: { name: ConditionName; plan: Plan; set: (change: Partial<Plan>) => void }) {
  return (
    <>
      <FormField label={name === "onFailure" ? "Automated stage configuration" : "If a rule fails"}>
        <RadioGroup
          value={plan.result}
          onChange={({ detail }) => set({ result: detail.value as Result })}
          items={CONDITIONS[name].map((value) => ({ value, label: RESULTS[value], description: DETAILS[value] }))}
        />
      </FormField>
      {plan.result === "RETRY" && (
        <FormField label="Retry mode">
          <RadioGroup
            value={plan.retryMode}
            onChange={({ detail }) => set({ retryMode: detail.value as RetryMode })}
            items={[
              { value: "FAILED_ACTIONS", label: "Retry failed actions" },
              { value: "ALL_ACTIONS", label: "Retry the whole stage" },
            ]}
          />
        </FormField>
      )}
    </>
  );
}

const DETAILS: Record<Result, string> = {
  FAIL: "The execution ends here, unless somebody overrides the condition.",
  SKIP: "The execution goes on to the next stage. For the rules VariableCheck and LambdaInvoke.",
  ROLLBACK: "The stage runs again with what it last succeeded with.",
  RETRY: "The stage is tried once more by itself.",
};

function read(stage: StageDeclaration, name: ConditionName): Plan {
  const declared: FailureConditions | undefined = stage[name];
  const condition = declared?.conditions?.[0];
  return {
    result: condition?.result ?? declared?.result ?? CONDITIONS[name][0],
    retryMode: declared?.retryConfiguration?.retryMode ?? "FAILED_ACTIONS",
    rules: condition?.rules ?? [],
  };
}

function written({ result, retryMode, rules }: Plan, name: ConditionName): FailureConditions {
  const retry = result === "RETRY" ? { retryConfiguration: { retryMode } } : {};
  if (name === "onFailure" && rules.length === 0) return { result, ...retry };
  return { ...retry, conditions: [{ result, rules }] };
}
