/** What a stage or an action is dragged by, with the pointer or the keyboard. */

import Icon from "@cloudscape-design/components/icon";
import type { useDraggable } from "@dnd-kit/core";

type Dragging = Pick<ReturnType<typeof useDraggable>, "attributes" | "listeners">;

export function Handle({ label, attributes, listeners }: Dragging & { label: string }) {
  const { "aria-pressed": _, ...rest } = attributes;
  return (
    <button type="button" className="handle" {...rest} {...listeners} aria-label={label} title={label}>
      <Icon name="drag-indicator" />
    </button>
  );
}
