/** One action: what it is, what it takes and gives, and what can be done with it. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useDraggable } from "@dnd-kit/core";
import { useState } from "react";

import type { ActionDeclaration } from "../../api/models/codepipeline";
import { keyOf } from "../../parts/actionform/catalog";
import { providerOf } from "../../parts/actionform/providers";
import { ActionDialog } from "./ActionDialog";
import { Handle } from "./Handle";
import { Marks } from "./Marks";
import { placeId, useDraft } from "./draft";
import type { Dragged } from "./drag";
import { type ActionPlace, groupsOf, moveAction, removeAction, stepOf } from "./edits";
import { within } from "./problems";

export function ActionCard({ stage, action }: ActionPlace) {
  const { document, problems } = useDraft();
  const [editing, setEditing] = useState(false);
  const declared = document.stages[stage]?.actions[action] as ActionDeclaration;
  const path = ["stages", stage, "actions", action];
  const drag = useDraggable({
    id: `action-${stage}-${action}`,
    data: { kind: "action", stage, action, name: declared.name } satisfies Dragged,
  });
  const wrong = within(problems, path).length > 0;
  return (
    <div
      ref={drag.setNodeRef}
      id={placeId(path)}
      role="group"
      aria-label={`Action ${declared.name}`}
      className={`action${wrong ? " wrong" : ""}${drag.isDragging ? " lifted" : ""}`}
    >
      <Handle label={`Drag action ${declared.name}`} attributes={drag.attributes} listeners={drag.listeners} />
      <div className="what">
        <Box variant="strong">{declared.name}</Box>
        <Box color="text-body-secondary" fontSize="body-s">
          {providerOf(keyOf(declared.actionTypeId)).title}
        </Box>
        <Artifacts action={declared} />
      </div>
      <div className="menu">
        <Button variant="icon" iconName="edit" ariaLabel={`Edit action ${declared.name}`} onClick={() => setEditing(true)} />
        <Menu stage={stage} action={action} name={declared.name} onEdit={() => setEditing(true)} />
      </div>
      <Marks path={path} />
      {editing && <ActionDialog at={{ stage, action }} onDone={() => setEditing(false)} />}
    </div>
  );
}

function Artifacts({ action }: { action: ActionDeclaration }) {
  const [takes, gives] = [action.inputArtifacts, action.outputArtifacts].map((each) => each?.map(({ name }) => name).join(", "));
  if (!takes && !gives) return null;
  return (
    <Box color="text-body-secondary" fontSize="body-s">
      {takes ? `takes ${takes}` : ""}
      {takes && gives ? ", " : ""}
      {gives ? `makes ${gives}` : ""}
    </Box>
  );
}

function Menu({ stage, action, name, onEdit }: ActionPlace & { name: string; onEdit: () => void }) {
  const { document, apply } = useDraft();
  const from = { stage, action };
  const pick = (id: string) => {
    if (id === "edit") onEdit();
    if (id === "remove") apply(removeAction(document, from), `Remove ${name}`);
    if (id === "up" || id === "down") {
      const to = stepOf(document, from, id === "up" ? -1 : 1);
      if (to) apply(moveAction(document, from, to), `Move ${name} ${id}`);
    }
    if (id.startsWith("to-")) {
      const target = Number(id.slice(3));
      const group = groupsOf(document.stages[target] ?? { name: "", actions: [] }).length;
      apply(moveAction(document, from, { stage: target, group, fresh: true }), `Move ${name} to stage ${document.stages[target]?.name}`);
    }
  };
  return (
    <ButtonDropdown
      variant="icon"
      ariaLabel={`Action ${name}: more`}
      expandToViewport
      items={[
        { id: "edit", text: "Edit" },
        { id: "up", text: "Move up", disabled: !stepOf(document, from, -1) },
        { id: "down", text: "Move down", disabled: !stepOf(document, from, 1) },
        {
          id: "to",
          text: "Move to stage",
          items: document.stages.flatMap((each, index) => (index === stage ? [] : [{ id: `to-${index}`, text: each.name }])),
        },
        { id: "remove", text: "Remove" },
      ].filter((each) => each.items === undefined || each.items.length > 0)}
      onItemClick={(event) => pick(event.detail.id)}
    />
  );
}
