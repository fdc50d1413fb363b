/** One stage: its conditions and its groups of actions. */

import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useDraggable, useDroppable } from "@dnd-kit/core";
import { Fragment, useState } from "react";

import type { StageDeclaration } from "../../api/models/codepipeline";
import { ActionCard } from "./ActionCard";
import { ActionDialog } from "./ActionDialog";
import { ConditionRow } from "./ConditionRow";
import { Handle } from "./Handle";
import { Marks } from "./Marks";
import { StageDialog } from "./StageDialog";
import { placeId, useDraft } from "./draft";
import type { Dragged, Target } from "./drag";
import { type GroupPlace, groupsOf, moveStage, removeStage } from "./edits";
import { CONDITION_NAMES } from "./problems";

export function StageCard({ index, dragging }: { index: number; dragging?: Dragged["kind"] }) {
  const { document } = useDraft();
  const stage = document.stages[index] as StageDeclaration;
  const drag = useDraggable({ id: `stage-${index}`, data: { kind: "stage", stage: index, name: stage.name } satisfies Dragged });
  const [adding, setAdding] = useState<GroupPlace>();
  const groups = groupsOf(stage);
  const path = ["stages", index];
  const elsewhere = [[...path, "actions"], ...CONDITION_NAMES.map((name) => [...path, name])];
  const spot = { stage: index, dragging, onAdd: setAdding };
  return (
    <section
      ref={drag.setNodeRef}
      id={placeId(path)}
      aria-label={`Stage ${stage.name}`}
      className={`stage${drag.isDragging ? " lifted" : ""}`}
    >
      <Container header={<StageHead index={index} drag={drag} />}>
        <SpaceBetween size="s">
          <Marks path={path} except={elsewhere} />
          <ConditionRow stage={index} name="beforeEntry" />
          <div>
            {groups.map((group, number) => (
              <Fragment key={number}>
                <GroupGap {...spot} group={number} />
                <Group {...spot} group={number} actions={group} />
              </Fragment>
            ))}
            <GroupGap {...spot} group={groups.length} />
            <Button iconName="add-plus" onClick={() => setAdding({ stage: index, group: groups.length, fresh: true })}>
              {groups.length === 0 ? "Add action" : "Add action group"}
            </Button>
          </div>
          <ConditionRow stage={index} name="onSuccess" />
          <ConditionRow stage={index} name="onFailure" />
        </SpaceBetween>
      </Container>
      {adding && <ActionDialog at={adding} onDone={() => setAdding(undefined)} />}
    </section>
  );
}

function StageHead({ index, drag }: { index: number; drag: ReturnType<typeof useDraggable> }) {
  const { document, base, apply } = useDraft();
  const [renaming, setRenaming] = useState(false);
  const { name } = document.stages[index] as StageDeclaration;
  const fresh = !base.stages.some((each) => each.name === name);
  const pick = (id: string) => {
    if (id === "up") apply(moveStage(document, index, index - 1), `Move stage ${name} up`);
    if (id === "down") apply(moveStage(document, index, index + 1), `Move stage ${name} down`);
    if (id === "rename") setRenaming(true);
    if (id === "remove") apply(removeStage(document, index), `Remove stage ${name}`);
  };
  return (
    <div className="stagehead">
      <Handle label={`Drag stage ${name}`} attributes={drag.attributes} listeners={drag.listeners} />
      <h2>{name}</h2>
      {fresh && <Badge color="green">new</Badge>}
      <ButtonDropdown
        ariaLabel={`Edit stage ${name}`}
        variant="normal"
        expandToViewport
        items={[
          { id: "up", text: "Move up", disabled: index === 0 },
          { id: "down", text: "Move down", disabled: index === document.stages.length - 1 },
          {
            id: "rename",
            text: "Rename",
            disabled: !fresh,
            disabledReason: "A stage that has been saved keeps its name: its history and its transition belong to the name.",
          },
          { id: "remove", text: "Remove stage" },
        ]}
        onItemClick={(event) => pick(event.detail.id)}
      >
        Edit stage
      </ButtonDropdown>
      {renaming && <StageDialog at={index} rename onDone={() => setRenaming(false)} />}
    </div>
  );
}

interface Spot {
  stage: number;
  group: number;
  dragging?: Dragged["kind"];
  onAdd: (place: GroupPlace) => void;
}

function GroupGap({ stage, group, dragging }: Spot) {
  const { document } = useDraft();
  const name = document.stages[stage]?.name;
  const said = `a group of its own, number ${group + 1} of stage ${name}`;
  const { setNodeRef, isOver } = useDroppable({
    id: `gap-${stage}-${group}`,
    disabled: dragging !== "action",
    data: { kind: "action", stage, group, fresh: true, said } satisfies Target,
  });
  return <div ref={setNodeRef} className={`slot groups${dragging === "action" ? " open" : ""}${isOver ? " over" : ""}`} />;
}

function Group({ stage, group, actions, dragging, onAdd }: Spot & { actions: number[] }) {
  const { document } = useDraft();
  const declared = document.stages[stage] as StageDeclaration;
  const said = `with ${actions.map((each) => declared.actions[each]?.name).join(", ")} in stage ${declared.name}`;
  const { setNodeRef, isOver } = useDroppable({
    id: `group-${stage}-${group}`,
    disabled: dragging !== "action",
    data: { kind: "action", stage, group, fresh: false, said } satisfies Target,
  });
  return (
    <div
      ref={setNodeRef}
      role="group"
      aria-label={`Action group ${group + 1} of stage ${declared.name}`}
      className={`group${dragging === "action" ? " open" : ""}${isOver ? " over" : ""}`}
    >
      <div className="grouphead">
        <span>{actions.length > 1 ? `Group ${group + 1}: ${actions.length} actions at the same time` : `Group ${group + 1}`}</span>
        <Button
          variant="inline-link"
          iconName="add-plus"
          ariaLabel={`Add action to group ${group + 1} of stage ${declared.name}`}
          onClick={() => onAdd({ stage, group, fresh: false })}
        >
          Add action
        </Button>
      </div>
      <div className="row">
        {actions.map((each) => (
          <ActionCard key={`${each} ${declared.actions[each]?.name}`} stage={stage} action={each} />
        ))}
      </div>
    </div>
  );
}
