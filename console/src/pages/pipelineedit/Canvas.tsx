/** The stages of the pipeline, to be put together by dragging or by the menus of stages and actions. */

import "./canvas.css";

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardSensor,
  MeasuringStrategy,
  PointerSensor,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { Fragment, useState } from "react";

import { Marks } from "./Marks";
import { StageCard } from "./StageCard";
import { StageDialog } from "./StageDialog";
import { useDraft } from "./draft";
import { type Dragged, INSTRUCTIONS, type Target, announcements, byArrows, collisions } from "./drag";
import { moveAction, moveStage } from "./edits";

const MEASURING = { droppable: { strategy: MeasuringStrategy.WhileDragging } };

export function Canvas() {
  const { document, apply } = useDraft();
  const [dragged, setDragged] = useState<Dragged>();
  const [adding, setAdding] = useState<number>();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: byArrows }),
  );
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(undefined);
    const [what, where] = [active.data.current as Dragged, over?.data.current as Target | undefined];
    if (where?.kind === "action" && what.kind === "action") {
      apply(moveAction(document, what, where), `Move ${what.name}`);
    } else if (where?.kind === "stage" && what.kind === "stage") {
      const to = where.before > what.stage ? where.before - 1 : where.before;
      apply(moveStage(document, what.stage, to), `Move stage ${what.name}`);
    }
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collisions}
      measuring={MEASURING}
      accessibility={{ announcements, screenReaderInstructions: INSTRUCTIONS }}
      onDragStart={({ active }) => setDragged(active.data.current as Dragged)}
      onDragEnd={drop}
      onDragCancel={() => setDragged(undefined)}
    >
      <div className="canvas" id="at-stages">
        <Marks path={["stages"]} except={document.stages.map((_, index) => ["stages", index])} />
        {document.stages.map((stage, index) => (
          <Fragment key={`${index} ${stage.name}`}>
            <StageGap before={index} active={dragged?.kind === "stage"} onAdd={() => setAdding(index)} />
            <StageCard index={index} dragging={dragged?.kind} />
          </Fragment>
        ))}
        <StageGap before={document.stages.length} active={dragged?.kind === "stage"} onAdd={() => setAdding(document.stages.length)} />
        {document.stages.length === 0 && (
          <Alert type="info">A pipeline begins with a stage of source actions. Add it first.</Alert>
        )}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className="dragged">
            <Box variant="strong">{dragged.name}</Box>
          </div>
        )}
      </DragOverlay>
      {adding !== undefined && <StageDialog at={adding} onDone={() => setAdding(undefined)} />}
    </DndContext>
  );
}

function StageGap({ before, active, onAdd }: { before: number; active: boolean; onAdd: () => void }) {
  const { document } = useDraft();
  const name = document.stages[before]?.name;
  const said = name ? `before stage ${name}` : "at the end of the pipeline";
  const { setNodeRef, isOver } = useDroppable({
    id: `stages-${before}`,
    disabled: !active,
    data: { kind: "stage", before, said } satisfies Target,
  });
  return (
    <div ref={setNodeRef} className={`slot stages${active ? " open" : ""}${isOver ? " over" : ""}`}>
      {!active && (
        <Button iconName="add-plus" variant="inline-link" ariaLabel={`Add stage ${said}`} onClick={onAdd}>
          Add stage
        </Button>
      )}
    </div>
  );
}
