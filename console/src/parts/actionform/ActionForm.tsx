/**
 * Edits one action of a pipeline: provider, its configuration, artifacts, and what surrounds it. It holds nothing itself.
 * What is wrong is told from outside (`checkAction`, or the server's refusal by `locate`), by the path of the field.
 */

import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

import type { ActionCategory, ActionDeclaration, ActionOwner, EnvironmentVariableType } from "../../api/models/codepipeline";
import { usePerson } from "../../api/session";
import { Failure } from "../Failure";
import { InputArtifacts, OutputArtifacts } from "./Artifacts";
import { Lines } from "./Lines";
import { Properties } from "./Properties";
import { Optional } from "./PropertyField";
import { ProviderSelect } from "./ProviderSelect";
import { VariableTable } from "./VariableTable";
import { type Kind, keyOf, kindOf, runsCommands, useActionTypes } from "./catalog";
import type { Errors } from "./check";
import { RolePicker } from "./pickers";
import { providerOf } from "./providers";
import type { Surroundings } from "./surroundings";

interface Props {
  value: ActionDeclaration;
  onChange: (value: ActionDeclaration) => void;
  errors?: Errors;
  around: Surroundings;
  /** Only providers of these categories. */
  categories?: ActionCategory[];
  /** Puts the name away among what is rarely changed, as the wizard does. */
  plain?: boolean;
  /** What stands beside the field of a property, by its name. */
  beside?: Record<string, ReactNode>;
  /** What stands instead of the field of a property, by its name. */
  instead?: Record<string, ReactNode>;
}

export function ActionForm({ value, onChange, errors = {}, around, categories, plain, beside, instead }: Props) {
  const types = useActionTypes();
  const kind = kindOf(types.kinds, value.actionTypeId);
  const set = (change: Partial<ActionDeclaration>) => onChange(without({ ...value, ...change }));
  const name = (
    <FormField label="Action name" constraintText="At most 100 letters, digits, and . @ - _" errorText={errors.name}>
      <Input value={value.name} onChange={({ detail }) => set({ name: detail.value })} spellcheck={false} />
    </FormField>
  );
  return (
    <SpaceBetween size="l">
      <Failure error={types.error} what="the action types" again={types.refetch} />
      {!plain && name}
      <FormField
        label="Action provider"
        description={kind && providerOf(keyOf(kind.id)).description}
        errorText={errors.actionTypeId}
      >
        <ProviderSelect
          kinds={types.kinds}
          loading={types.isLoading}
          value={value.actionTypeId.provider ? keyOf(value.actionTypeId) : ""}
          onChange={(next) => onChange(changed(value, next, around))}
          categories={categories}
        />
      </FormField>
      {kind && (
        <SpaceBetween size="l">
          <InputArtifacts
            value={value.inputArtifacts}
            onChange={(inputArtifacts) => set({ inputArtifacts })}
            range={kind.inputs}
            artifacts={around.artifacts}
            error={errors.inputArtifacts}
          />
          <Properties
            kind={kind}
            value={value.configuration ?? {}}
            onChange={(configuration) => set({ configuration })}
            inputs={(value.inputArtifacts ?? []).map((each) => each.name)}
            errors={errors}
            beside={beside}
            instead={instead}
          />
          {runsCommands(kind.id) && <Running value={value} set={set} errors={errors} />}
          {value.actionTypeId.category !== "Source" && <Usable variables={around.variables} />}
          <More value={value} set={set} errors={errors} kind={kind} name={plain ? name : undefined} around={around} />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

interface PartProps {
  value: ActionDeclaration;
  set: (change: Partial<ActionDeclaration>) => void;
  errors: Errors;
}

/** What only actions that run commands have. */
function Running({ value, set, errors }: PartProps) {
  return (
    <SpaceBetween size="l">
      <FormField
        label="Commands"
        description="One a line, in one shell, in the folder of the first input artifact. May use variables."
        errorText={errors.commands}
        stretch
      >
        <Lines value={value.commands} onChange={(commands) => set({ commands })} placeholder={"npm ci\nnpm test"} rows={6} />
      </FormField>
      <FormField label={<Optional>Environment variables</Optional>} errorText={errors.environmentVariables} stretch>
        <VariableTable
          value={value.environmentVariables ?? []}
          onChange={(rows) =>
            set({
              environmentVariables: rows.map((each) => ({ ...each, type: each.type as EnvironmentVariableType | undefined })),
            })
          }
          types={["PLAINTEXT", "SECRETS_MANAGER"]}
          most={10}
        />
      </FormField>
      <FormField
        label={<Optional>Output variables</Optional>}
        description="Names of environment variables that later actions may read, one a line."
        errorText={errors.outputVariables}
      >
        <Lines value={value.outputVariables} onChange={(outputVariables) => set({ outputVariables })} />
      </FormField>
    </SpaceBetween>
  );
}

/** What can be written into the fields, to be copied. */
function Usable({ variables }: { variables: string[] }) {
  return (
    <ExpandableSection headerText="Variables that can be used here">
      <SpaceBetween size="xxs">
        {variables.map((each) => (
          <CopyToClipboard
            key={each}
            variant="inline"
            copyButtonAriaLabel={`Copy ${each}`}
            copySuccessText="Copied"
            copyErrorText="The browser did not let it be copied"
            textToCopy={each}
          />
        ))}
      </SpaceBetween>
    </ExpandableSection>
  );
}

function More({ value, set, errors, kind, name, around }: PartProps & { kind: Kind; name?: ReactNode; around: Surroundings }) {
  const { region } = usePerson();
  const wrong = ["name", "outputArtifacts", "namespace", "roleArn", "region", "timeoutInMinutes"].some((path) => errors[path]);
  const approval = kind.id.category === "Approval";
  return (
    <ExpandableSection
      headerText={kind.outputs[1] > 0 ? "Output artifacts, variables, role" : "Variables, role"}
      {...(wrong ? { expanded: true } : { defaultExpanded: kind.outputs[0] > 0 && !value.outputArtifacts?.length })}
    >
      <SpaceBetween size="l">
        {name}
        <OutputArtifacts
          value={value.outputArtifacts}
          onChange={(outputArtifacts) => set({ outputArtifacts })}
          range={kind.outputs}
          files={runsCommands(kind.id)}
          error={errors.outputArtifacts}
        />
        <FormField
          label={<Optional>Variable namespace</Optional>}
          description={
            value.namespace
              ? `Later actions read what this one gives as #{${value.namespace}.NAME}.`
              : "With it, later actions can read the variables that this one gives."
          }
          errorText={errors.namespace}
        >
          <Input
            value={value.namespace ?? ""}
            onChange={({ detail }) => set({ namespace: detail.value })}
            placeholder={around.takenNamespaces.includes(`${value.name}Variables`) ? "" : `${value.name}Variables`}
            spellcheck={false}
          />
        </FormField>
        {approval && (
          <FormField
            label={<Optional>Timeout</Optional>}
            description="Minutes; seven days without it."
            errorText={errors.timeoutInMinutes}
          >
            <Input
              value={value.timeoutInMinutes === undefined ? "" : String(value.timeoutInMinutes)}
              onChange={({ detail }) => set({ timeoutInMinutes: detail.value ? Number(detail.value) : undefined })}
              inputMode="numeric"
              type="number"
              placeholder="10080"
            />
          </FormField>
        )}
        {kind.id.owner === "AWS" && (
          <FormField
            label={<Optional>Role</Optional>}
            description="The role that this action works as, instead of the pipeline's own."
            errorText={errors.roleArn}
          >
            <RolePicker value={value.roleArn ?? ""} onChange={(roleArn) => set({ roleArn })} />
          </FormField>
        )}
        <FormField label={<Optional>Region</Optional>} description="That of the pipeline without it." errorText={errors.region}>
          <Input
            value={value.region ?? ""}
            onChange={({ detail }) => set({ region: detail.value })}
            placeholder={region}
            spellcheck={false}
          />
        </FormField>
      </SpaceBetween>
    </ExpandableSection>
  );
}

/** An action whose provider is another one now: what the new one cannot have is gone, what it needs is put in. */
function changed(value: ActionDeclaration, kind: Kind, around: Surroundings): ActionDeclaration {
  const { name, runOrder, namespace, roleArn, region } = value;
  const { fields } = providerOf(keyOf(kind.id));
  const initial = kind.properties.flatMap((each) => (fields[each.name]?.initial ? [[each.name, fields[each.name].initial]] : []));
  const kept = (value.inputArtifacts ?? []).slice(0, kind.inputs[1]);
  const first = around.artifacts.at(-1);
  return without({
    name,
    actionTypeId: kind.id as { category: ActionCategory; owner: ActionOwner; provider: string; version: string },
    runOrder,
    configuration: Object.fromEntries(initial) as Record<string, string>,
    inputArtifacts: kept.length === 0 && kind.inputs[0] > 0 && first ? [{ name: first }] : kept,
    outputArtifacts: (value.outputArtifacts ?? []).slice(0, kind.outputs[1]).map((each) => ({ name: each.name })),
    namespace,
    roleArn,
    region,
  });
}

/** Without what is empty: the API takes no empty texts and lists there. */
function without(value: ActionDeclaration): ActionDeclaration {
  const optional = [
    "namespace",
    "roleArn",
    "region",
    "timeoutInMinutes",
    "commands",
    "outputVariables",
    "environmentVariables",
  ] as const;
  const next = { ...value };
  for (const name of optional) {
    const found = next[name];
    if (found === undefined || found === "" || (Array.isArray(found) && found.length === 0)) delete next[name];
  }
  return next;
}
