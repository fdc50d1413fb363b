/** Adds an action, or edits one. The document changes when it is done. */

import { useState } from "react";

import type { ActionDeclaration } from "../../api/models/codepipeline";
import { ActionForm } from "../../parts/actionform/ActionForm";
import { kindOf, newAction, useActionTypes } from "../../parts/actionform/catalog";
import { type Errors, checkAction } from "../../parts/actionform/check";
import { type Surroundings, surroundings } from "../../parts/actionform/surroundings";
import { FormDialog } from "./FormDialog";
import { useDraft } from "./draft";
import { type ActionPlace, type GroupPlace, addAction, groupsOf, putAction } from "./edits";
import { within } from "./problems";

const NONE = { category: "Build", owner: "AWS", provider: "", version: "1" } as const;

export function ActionDialog({ at, onDone }: { at: ActionPlace | GroupPlace; onDone: () => void }) {
  const { document, problems, apply } = useDraft();
  const existing = "action" in at ? document.stages[at.stage]?.actions[at.action] : undefined;
  const [value, setValue] = useState<ActionDeclaration>(() => existing ?? newAction(NONE, ""));
  const [tried, setTried] = useState(existing !== undefined);
  const types = useActionTypes();
  const around = "action" in at ? surroundings(document, at.stage, at.action) : of(at);
  const errors = checkAction(value, kindOf(types.kinds, value.actionTypeId), around);
  const told = tried ? { ...(value === existing && "action" in at ? refused(at) : {}), ...(types.kinds ? errors : {}) } : {};
  const done = () => {
    setTried(true);
    // What was wrong before may be put right elsewhere: an artifact by an action that is yet to come.
    const blocking = Object.keys(errors).filter((path) => path !== "inputArtifacts");
    if (blocking.length > 0) return;
    if ("action" in at) apply(putAction(document, at, value), `Change ${value.name}`);
    else apply(addAction(document, at, value), `Add ${value.name}`);
    onDone();
  };

  /** A new action of a group sees what the groups before it give. */
  function of(place: GroupPlace): Surroundings {
    const stage = document.stages[place.stage];
    const first = stage && groupsOf(stage)[place.group]?.[0];
    const last = Math.max(0, ...(stage?.actions.map((each) => each.runOrder ?? 1) ?? []));
    const runOrder = first === undefined ? last + 1 : (stage?.actions[first]?.runOrder ?? 1);
    return surroundings(document, place.stage, stage?.actions.length ?? 0, { runOrder });
  }

  function refused(place: ActionPlace): Errors {
    const path = ["stages", place.stage, "actions", place.action];
    return Object.fromEntries(within(problems, path).map((each) => [each.path.slice(path.length).join("."), each.message]));
  }

  const stage = document.stages[at.stage]?.name;
  return (
    <FormDialog
      title={existing ? `Edit action ${existing.name}` : `Add action to stage ${stage}`}
      verb={existing ? "Done" : "Add action"}
      size="large"
      onSubmit={done}
      onCancel={onDone}
    >
      <ActionForm
        value={value}
        onChange={setValue}
        errors={told}
        around={around}
        categories={at.stage === 0 ? ["Source"] : ["Approval", "Build", "Compute", "Deploy", "Invoke", "Test"]}
      />
    </FormDialog>
  );
}
