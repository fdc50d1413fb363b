/** One property of a configuration, as its type and what is known of its provider say. */

import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import type { ReactNode } from "react";

import { VariableTable } from "./VariableTable";
import type { Property } from "./catalog";
import { formatVariables, parseVariables } from "./environment";
import {
  BranchPicker,
  BucketPicker,
  KeyPicker,
  PipelinePicker,
  ProjectPicker,
  RepositoryPicker,
  RolePicker,
  useUnversioned,
} from "./pickers";
import { type Look, words } from "./providers";

interface Props {
  property: Property;
  look: Look;
  configuration: Record<string, string>;
  /** A change of one or more values; an empty one is left out. */
  onChange: (change: Record<string, string>) => void;
  inputs: string[];
  error?: string;
  /** Stands beside the field. */
  beside?: ReactNode;
}

export function PropertyField({ property, look, configuration, onChange, inputs, error, beside }: Props) {
  const label = look.label ?? words(property.name);
  const value = configuration[property.name] ?? "";
  const set = (next: string) => onChange({ [property.name]: next });
  const description = look.description ?? property.description;
  const unversioned = useUnversioned(property.name === "S3Bucket" ? value : "");
  const control = chosen(property, look, value, set, configuration, inputs);
  if (control === undefined)
    return (
      <FormField errorText={error}>
        <Checkbox
          checked={value.toLowerCase() === "true"}
          onChange={({ detail }) => set(detail.checked ? "true" : property.required ? "false" : "")}
          description={description || undefined}
        >
          {label}
        </Checkbox>
      </FormField>
    );
  return (
    <FormField
      label={property.required || look.otherwise || look.helper === "detection" ? label : <Optional>{label}</Optional>}
      description={description || undefined}
      errorText={error}
      warningText={unversioned && "The versioning of this bucket is off: the action will fail until it is on."}
      stretch={look.helper === "environment"}
      secondaryControl={beside}
    >
      {control}
    </FormField>
  );
}

/** A label of what may be left out. */
export function Optional({ children }: { children: ReactNode }) {
  return (
    <>
      {children} <i>– optional</i>
    </>
  );
}

/** The control of a property; undefined means a check box. */
function chosen(
  property: Property,
  look: Look,
  value: string,
  set: (value: string) => void,
  configuration: Record<string, string>,
  inputs: string[],
): ReactNode {
  const picker = { value, onChange: set, placeholder: look.placeholder };
  switch (look.helper) {
    case "repository":
      return <RepositoryPicker {...picker} />;
    case "branch":
      return <BranchPicker {...picker} repository={configuration.RepositoryName ?? ""} />;
    case "bucket":
      return <BucketPicker {...picker} />;
    case "key":
      return <KeyPicker {...picker} bucket={configuration.S3Bucket ?? ""} />;
    case "project":
      return <ProjectPicker {...picker} />;
    case "pipeline":
      return <PipelinePicker {...picker} />;
    case "role":
      return <RolePicker {...picker} />;
    case "input":
      return (
        <Choice value={value} set={set} choices={inputs.map((each) => ({ value: each, label: each }))} empty="The only one" />
      );
    case "detection":
      return <Detection value={value} set={set} />;
    case "environment": {
      const rows = parseVariables(value);
      const types = ["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"];
      if (rows) return <VariableTable value={rows} onChange={(next) => set(formatVariables(next))} types={types} />;
      break;
    }
  }
  if (look.choices) return <Choice value={value} set={set} choices={look.choices} otherwise={look.otherwise} />;
  if (property.type === "Boolean" && !value.includes("#{")) return undefined;
  if (look.helper === "text" || look.helper === "json" || look.helper === "environment")
    return (
      <Textarea value={value} onChange={({ detail }) => set(detail.value)} placeholder={look.placeholder} spellcheck={false} />
    );
  return (
    <Input
      value={value}
      onChange={({ detail }) => set(detail.value)}
      placeholder={look.placeholder}
      type={property.secret ? "password" : "text"}
      inputMode={property.type === "Number" ? "numeric" : undefined}
      autoComplete={property.secret ? "new-password" : false}
      spellcheck={false}
    />
  );
}

interface ChoiceProps {
  value: string;
  set: (value: string) => void;
  choices: NonNullable<Look["choices"]>;
  empty?: string;
  otherwise?: string;
}

/** A value of a few. What is there already stays, even when it is none of them: it may be a variable. */
function Choice({ value, set, choices, empty = "Not set", otherwise }: ChoiceProps) {
  const none = choices.find((each) => each.value === otherwise) ?? { value: "", label: empty };
  const known = choices.some((each) => each.value === value) || !value;
  const options = [...(otherwise ? [] : [none]), ...choices, ...(known ? [] : [{ value, label: value }])];
  return (
    <Select
      options={options}
      selectedOption={options.find((each) => each.value === value) ?? none}
      onChange={({ detail }) => set(detail.selectedOption.value === otherwise ? "" : (detail.selectedOption.value ?? ""))}
      expandToViewport
    />
  );
}

function Detection({ value, set }: { value: string; set: (value: string) => void }) {
  return (
    <RadioGroup
      value={value.toLowerCase() === "false" ? "false" : "true"}
      onChange={({ detail }) => set(detail.value === "false" ? "false" : "")}
      items={[
        { value: "true", label: "Start the pipeline when the source changes" },
        { value: "false", label: "Do not detect changes", description: "The pipeline starts by hand or by the API only." },
      ]}
    />
  );
}
