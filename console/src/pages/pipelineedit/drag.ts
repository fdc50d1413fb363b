/** Dragging of stages and actions: what may be dropped where, with the pointer and by the arrow keys, and what is said of it. */

import {
  type Announcements,
  type CollisionDetection,
  KeyboardCode,
  type KeyboardCoordinateGetter,
  closestCenter,
  pointerWithin,
} from "@dnd-kit/core";

import type { ActionPlace, GroupPlace } from "./edits";

export type Dragged = { kind: "stage"; stage: number; name: string } | ({ kind: "action"; name: string } & ActionPlace);
export type Target = { kind: "stage"; before: number; said: string } | ({ kind: "action"; said: string } & GroupPlace);

/** What the pointer is in; between the places, the nearest one. */
export const collisions: CollisionDetection = (given) => {
  const inside = pointerWithin(given);
  return inside.length > 0 ? inside : closestCenter(given);
};

/** The arrow keys go from one place to the next. */
export const byArrows: KeyboardCoordinateGetter = (event, { context: { collisionRect, droppableRects, droppableContainers } }) => {
  const by = event.code === KeyboardCode.Down ? 1 : event.code === KeyboardCode.Up ? -1 : 0;
  if (by === 0 || !collisionRect) return undefined;
  event.preventDefault();
  const middle = (rect: { top: number; height: number }) => rect.top + rect.height / 2;
  const here = middle(collisionRect);
  const places = droppableContainers
    .getEnabled()
    .flatMap((each) => droppableRects.get(each.id) ?? [])
    .filter((rect) => (middle(rect) - here) * by > 1)
    .sort((a, b) => (middle(a) - middle(b)) * by);
  const next = places[0];
  if (!next) return undefined;
  return { x: next.left + next.width / 2 - collisionRect.width / 2, y: middle(next) - collisionRect.height / 2 };
};

const called = (given: { data: { current?: unknown } }) => {
  const dragged = given.data.current as Dragged | undefined;
  return dragged ? `${dragged.kind} ${dragged.name}` : "";
};
const place = (given: { data: { current?: unknown } } | null) => (given?.data.current as Target | undefined)?.said ?? "";

export const announcements: Announcements = {
  onDragStart: ({ active }) => `Picked up ${called(active)}.`,
  onDragOver: ({ active, over }) => (over ? `${called(active)}: ${place(over)}.` : undefined),
  onDragEnd: ({ active, over }) => `Dropped ${called(active)}${over ? `: ${place(over)}` : ""}.`,
  onDragCancel: ({ active }) => `${called(active)} stays where it was.`,
};

export const INSTRUCTIONS = {
  draggable: "Press space to pick it up, the arrow keys to move it, space to drop it, escape to leave it where it was.",
};
