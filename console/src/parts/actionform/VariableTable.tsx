/** Environment variables as a table: name, value, type. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";

import type { Variable } from "./environment";
import { useHeld } from "./held";

const NAMES: Record<string, string> = {
  PLAINTEXT: "Plaintext",
  PARAMETER_STORE: "Parameter",
  SECRETS_MANAGER: "Secrets Manager",
};

interface Props {
  value: Variable[];
  onChange: (rows: Variable[]) => void;
  types: string[];
  most?: number;
}

export function VariableTable({ value, onChange, types, most = 100 }: Props) {
  const [rows, setRows] = useHeld<Variable[], Variable[]>(
    value,
    (given) => given,
    (held) => held.filter((each) => each.name || each.value),
    onChange,
  );
  const set = (index: number, change: Partial<Variable>) =>
    setRows(rows.map((each, at) => (at === index ? { ...each, ...change } : each)));
  const options = types.map((type) => ({ value: type, label: NAMES[type] ?? type }));
  return (
    <AttributeEditor
      items={rows}
      addButtonText="Add environment variable"
      removeButtonText="Remove"
      removeButtonAriaLabel={(row) => `Remove ${row.name || "the variable"}`}
      disableAddButton={rows.length >= most}
      empty="No environment variables"
      onAddButtonClick={() => setRows([...rows, { name: "", value: "", type: "PLAINTEXT" }])}
      onRemoveButtonClick={({ detail }) => setRows(rows.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: "Name",
          control: (row, index) => (
            <Input value={row.name} onChange={({ detail }) => set(index, { name: detail.value })} spellcheck={false} />
          ),
        },
        {
          label: "Value",
          control: (row, index) => (
            <Input value={row.value} onChange={({ detail }) => set(index, { value: detail.value })} spellcheck={false} />
          ),
        },
        {
          label: "Type",
          control: (row, index) => (
            <Select
              options={options}
              selectedOption={options.find((each) => each.value === (row.type ?? "PLAINTEXT")) ?? null}
              onChange={({ detail }) => set(index, { type: detail.selectedOption.value })}
              expandToViewport
            />
          ),
        },
      ]}
    />
  );
}
