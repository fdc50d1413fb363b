/** Edits one rule of a condition. It holds nothing itself; what is wrong is told from outside (`checkRule`), by the path of the field. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RuleDeclaration } from "../../api/models/codepipeline";
import { Failure } from "../Failure";
import { InputArtifacts } from "./Artifacts";
import { Lines } from "./Lines";
import { Properties } from "./Properties";
import { Optional } from "./PropertyField";
import { ProviderSelect } from "./ProviderSelect";
import { keyOf, kindOf, runsCommands, useRuleTypes } from "./catalog";
import type { Errors } from "./check";
import { RolePicker } from "./pickers";
import { providerOf } from "./providers";

interface Props {
  value: RuleDeclaration;
  onChange: (value: RuleDeclaration) => void;
  errors?: Errors;
  /** Output artifacts of what has ended before the condition is looked at. */
  artifacts: string[];
  /** Only rules that may be used with the result SKIP. */
  skips?: boolean;
}

const SKIPS = ["LambdaInvoke", "VariableCheck"];

export function RuleForm({ value, onChange, errors = {}, artifacts, skips }: Props) {
  const types = useRuleTypes();
  const kind = kindOf(types.kinds, value.ruleTypeId);
  const set = (change: Partial<RuleDeclaration>) => onChange(without({ ...value, ...change }));
  return (
    <SpaceBetween size="l">
      <Failure error={types.error} what="the rule types" again={types.refetch} />
      <FormField label="Rule name" errorText={errors.name}>
        <Input value={value.name} onChange={({ detail }) => set({ name: detail.value })} spellcheck={false} />
      </FormField>
      <FormField label="Rule provider" description={kind && providerOf(keyOf(kind.id)).description} errorText={errors.ruleTypeId}>
        <ProviderSelect
          kinds={types.kinds?.filter((each) => !skips || SKIPS.includes(each.id.provider))}
          loading={types.isLoading}
          value={value.ruleTypeId.provider ? keyOf(value.ruleTypeId) : ""}
          placeholder="Choose a rule"
          onChange={({ id }) =>
            onChange({
              name: value.name,
              ruleTypeId: { category: "Rule", owner: "AWS", provider: id.provider, version: id.version },
              configuration: {},
            })
          }
        />
      </FormField>
      {kind && (
        <SpaceBetween size="l">
          <Properties
            kind={kind}
            value={value.configuration ?? {}}
            onChange={(configuration) => set({ configuration })}
            inputs={(value.inputArtifacts ?? []).map((each) => each.name)}
            errors={errors}
          />
          {runsCommands(kind.id) && (
            <FormField
              label="Commands"
              description="One a line; the rule succeeds when all of them do."
              errorText={errors.commands}
              stretch
            >
              <Lines value={value.commands} onChange={(commands) => set({ commands })} placeholder="make smoke-test" rows={6} />
            </FormField>
          )}
          <InputArtifacts
            value={value.inputArtifacts}
            onChange={(inputArtifacts) => set({ inputArtifacts })}
            range={kind.inputs}
            artifacts={artifacts}
            error={errors.inputArtifacts}
          />
          <FormField label={<Optional>Timeout</Optional>} description="Minutes." errorText={errors.timeoutInMinutes}>
            <Input
              value={value.timeoutInMinutes === undefined ? "" : String(value.timeoutInMinutes)}
              onChange={({ detail }) => set({ timeoutInMinutes: detail.value ? Number(detail.value) : undefined })}
              type="number"
              inputMode="numeric"
            />
          </FormField>
          <FormField label={<Optional>Role</Optional>} description="The pipeline's own without it." errorText={errors.roleArn}>
            <RolePicker value={value.roleArn ?? ""} onChange={(roleArn) => set({ roleArn })} />
          </FormField>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

/** Without what is empty: the API takes no empty texts and lists there. */
function without(value: RuleDeclaration): RuleDeclaration {
  const next = { ...value };
  for (const name of ["roleArn", "timeoutInMinutes", "commands", "inputArtifacts"] as const) {
    const found = next[name];
    if (found === undefined || found === "" || (Array.isArray(found) && found.length === 0)) delete next[name];
  }
  return next;
}
