/** Names a new stage, or names it again before it has been saved. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";

import { nameProblem } from "../../parts/actionform/check";
import { FormDialog } from "./FormDialog";
import { useDraft } from "./draft";
import { addStage, freeName, renameStage } from "./edits";

export function StageDialog({ at, rename, onDone }: { at: number; rename?: boolean; onDone: () => void }) {
  const { document, base, apply } = useDraft();
  const self = rename ? document.stages[at]?.name : undefined;
  const taken = document.stages.map((each) => each.name).filter((each) => each !== self);
  // A name that is in the saved pipeline would make this that stage.
  const saved = rename ? base.stages.map((each) => each.name) : [];
  const [name, setName] = useState(() => self ?? freeName("Stage", taken));
  const [tried, setTried] = useState(false);
  const problem = nameProblem(name, [...taken, ...saved]);
  const done = () => {
    setTried(true);
    if (problem) return;
    if (self === undefined) apply(addStage(document, at, name), `Add stage ${name}`);
    else apply(renameStage(document, at, name), `Rename stage ${self} to ${name}`);
    onDone();
  };
  return (
    <FormDialog title={rename ? `Rename stage ${self}` : "Add stage"} verb={rename ? "Rename" : "Add stage"} onSubmit={done} onCancel={onDone}>
      <FormField
        label="Stage name"
        constraintText="At most 100 letters, digits, and . @ - _. It cannot be changed after the pipeline is saved."
        errorText={tried && problem}
      >
        <Input
          value={name}
          onChange={({ detail }) => setName(detail.value)}
          onKeyDown={(event) => {
            if (event.detail.key !== "Enter") return;
            // Or the key would press the button that has the focus once the dialog is gone.
            event.preventDefault();
            done();
          }}
          spellcheck={false}
        />
      </FormField>
    </FormDialog>
  );
}
