/** The pipeline's variables: asked for when an execution is started, used as #{variables.NAME}. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";

import type { PipelineVariableDeclaration } from "../../api/models/codepipeline";
import { placeId, useDraft } from "./draft";
import { freeName, setProperties } from "./edits";
import { within } from "./problems";

export function Variables() {
  const { document, problems, apply } = useDraft();
  const variables = document.variables ?? [];
  const set = (next: PipelineVariableDeclaration[], said: string, mark?: string) =>
    apply(setProperties(document, { variables: next.length > 0 ? next : undefined }), said, mark);
  const change = (index: number, member: keyof PipelineVariableDeclaration, text: string) => {
    const { [member]: _, ...rest } = variables[index] as PipelineVariableDeclaration;
    const next = (text || member === "name" ? { ...rest, [member]: text } : rest) as PipelineVariableDeclaration;
    set(variables.with(index, next), "Change a variable", `variable ${index} ${member}`);
  };
  const problem = (index: number, member: string) => within(problems, ["variables", index, member])[0]?.message;
  const column = (label: string, member: keyof PipelineVariableDeclaration, placeholder = "") => ({
    label,
    control: (item: PipelineVariableDeclaration, index: number) => (
      <Input
        value={item[member] ?? ""}
        placeholder={placeholder}
        ariaLabel={`${label} of variable ${index + 1}`}
        onChange={({ detail }) => change(index, member, detail.value)}
        spellcheck={false}
      />
    ),
    errorText: (_: PipelineVariableDeclaration, index: number) => problem(index, member),
  });
  return (
    <div id={placeId(["variables"])}>
      <FormField label="Variables" description="Given when an execution is started; actions use them as #{variables.NAME}." stretch>
        <AttributeEditor<PipelineVariableDeclaration>
          items={variables}
          definition={[
            column("Name", "name"),
            column("Default value", "defaultValue", "none: must be given"),
            column("Description", "description"),
          ]}
          empty="This pipeline has no variables."
          addButtonText="Add variable"
          removeButtonText="Remove"
          removeButtonAriaLabel={(item) => `Remove variable ${item.name}`}
          disableAddButton={variables.length >= 50}
          onAddButtonClick={() =>
            set([...variables, { name: freeName("NAME", variables.map((each) => each.name)) }], "Add a variable")
          }
          onRemoveButtonClick={({ detail }) =>
            set(variables.toSpliced(detail.itemIndex, 1), `Remove the variable ${variables[detail.itemIndex]?.name}`)
          }
        />
      </FormField>
    </div>
  );
}
