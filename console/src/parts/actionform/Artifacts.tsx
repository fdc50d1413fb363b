/** The artifacts that an action or a rule takes and that an action makes. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { InputArtifact, OutputArtifact } from "../../api/models/codepipeline";
import { Lines } from "./Lines";
import { Optional } from "./PropertyField";
import { useHeld } from "./held";

interface InputsProps {
  value: InputArtifact[] | undefined;
  onChange: (value: InputArtifact[]) => void;
  /** How many there may be. */
  range: [number, number];
  /** What there is to choose from. */
  artifacts: string[];
  error?: string;
}

export function InputArtifacts({ value = [], onChange, range: [least, most], artifacts, error }: InputsProps) {
  if (most === 0 && value.length === 0) return null;
  const names = value.map((each) => each.name);
  const options = [...new Set([...artifacts, ...names])].map((name) => ({ value: name, label: name }));
  if (most === 1 && names.length <= 1) {
    const none = { value: "", label: "None" };
    return (
      <FormField label={least > 0 ? "Input artifact" : <Optional>Input artifact</Optional>} errorText={error}>
        <Select
          options={least > 0 ? options : [none, ...options]}
          selectedOption={options.find((each) => each.value === names[0]) ?? (least > 0 ? null : none)}
          onChange={({ detail }) => onChange(detail.selectedOption.value ? [{ name: detail.selectedOption.value }] : [])}
          placeholder="Choose what an earlier action makes"
          empty="No earlier action makes an artifact"
          expandToViewport
        />
      </FormField>
    );
  }
  return (
    <FormField
      label={least > 0 ? "Input artifacts" : <Optional>Input artifacts</Optional>}
      constraintText={most > 1 ? `Up to ${most}; the first one is the working folder.` : undefined}
      errorText={error}
    >
      <Multiselect
        options={options}
        selectedOptions={names.map((name) => ({ value: name, label: name }))}
        onChange={({ detail }) => onChange(detail.selectedOptions.map((each) => ({ name: each.value ?? "" })))}
        placeholder="Choose what earlier actions make"
        empty="No earlier action makes an artifact"
        deselectAriaLabel={(option) => `Remove ${option.label}`}
        expandToViewport
      />
    </FormField>
  );
}

interface OutputsProps {
  value: OutputArtifact[] | undefined;
  onChange: (value: OutputArtifact[]) => void;
  range: [number, number];
  /** Whether the files of an artifact are declared, too. */
  files?: boolean;
  error?: string;
}

/** One name, or several where there may be several. */
export function OutputArtifacts({ value = [], onChange, range: [least, most], files, error }: OutputsProps) {
  const [rows, setRows] = useHeld<OutputArtifact[], OutputArtifact[]>(
    value,
    (given) => given,
    (held) => held.filter((each) => each.name),
    onChange,
  );
  if (most === 0 && rows.length === 0) return null;
  const label = most > 1 ? "Output artifacts" : "Output artifact";
  const single = most === 1 && rows.length <= 1;
  if (single) {
    const row = rows[0] ?? { name: "" };
    return (
      <SpaceBetween size="l">
        <FormField label={least > 0 ? label : <Optional>{label}</Optional>} errorText={error}>
          <Input value={row.name} onChange={({ detail }) => setRows([{ ...row, name: detail.value }])} spellcheck={false} />
        </FormField>
        {files && row.name && (
          <FormField
            label="Files of the output artifact"
            description="Paths within the working folder, one a line; ** means everything."
          >
            <Lines value={row.files} onChange={(next) => setRows([{ ...row, files: next }])} placeholder="dist/**" />
          </FormField>
        )}
      </SpaceBetween>
    );
  }
  return (
    <FormField label={least > 0 ? label : <Optional>{label}</Optional>} errorText={error}>
      <AttributeEditor
        items={rows}
        addButtonText="Add output artifact"
        removeButtonText="Remove"
        removeButtonAriaLabel={(row) => `Remove ${row.name || "the artifact"}`}
        disableAddButton={rows.length >= most}
        empty="No output artifacts"
        onAddButtonClick={() => setRows([...rows, { name: "" }])}
        onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          {
            label: "Name",
            control: (row, index) => (
              <Input
                value={row.name}
                onChange={({ detail }) =>
                  setRows(rows.map((each, at) => (at === index ? { ...each, name: detail.value } : each)))
                }
                spellcheck={false}
              />
            ),
          },
        ]}
      />
    </FormField>
  );
}
