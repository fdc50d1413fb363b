/** Where the boxes of a pipeline's graph go: stages from left to right in as many rows as the width needs. Pure. */

import type { ActionView, StageView } from "./model";

export const NODE = { width: 172, height: 56 };
const GAP = 12;
const STEP = 26;
const PAD = 14;
const HEAD = 40;
const BETWEEN = 56;
const ROWS_APART = 48;

export interface NodeBox {
  action: ActionView;
  x: number;
  y: number;
}

export interface StageBox {
  stage: StageView;
  x: number;
  y: number;
  width: number;
  height: number;
  nodes: NodeBox[];
  /** Lines between groups of actions. */
  steps: string[];
}

export interface Edge {
  into: StageView;
  path: string;
  /** Where a sign about the transition can stand. */
  x: number;
  y: number;
}

export interface Graph {
  width: number;
  height: number;
  stages: StageBox[];
  edges: Edge[];
}

/** The graph for a width in pixels; it is never narrower than one action. */
export function layOut(stages: StageView[], width: number): Graph {
  const across = Math.max(1, Math.floor((width - 2 * PAD + GAP) / (NODE.width + GAP)));
  const boxes: StageBox[] = [];
  let [x, y, tallest] = [0, 0, 0];
  for (const stage of stages) {
    const box = stageBox(stage, Math.min(across, 4));
    if (x > 0 && x + box.width > width) {
      y += tallest + ROWS_APART;
      [x, tallest] = [0, 0];
    }
    boxes.push(moved(box, x, y));
    x += box.width + BETWEEN;
    tallest = Math.max(tallest, box.height);
  }
  const edges = boxes.slice(1).map((box, index) => edge(boxes[index] as StageBox, box));
  const extent = Math.max(...boxes.map((box) => box.x + box.width), 1);
  return { width: extent, height: Math.max(...boxes.map((box) => box.y + box.height), 1), stages: boxes, edges };
}

function stageBox(stage: StageView, across: number): StageBox {
  const widest = Math.max(1, ...stage.groups.map((group) => Math.min(group.length, across)));
  const inner = widest * (NODE.width + GAP) - GAP;
  const nodes: NodeBox[] = [];
  const steps: string[] = [];
  const middle = PAD + inner / 2;
  let y = HEAD;
  stage.groups.forEach((group, position) => {
    if (position > 0) {
      steps.push(`M ${middle} ${y + 4} V ${y + STEP - 6}`);
      y += STEP;
    }
    for (let start = 0; start < group.length; start += across) {
      const line = group.slice(start, start + across);
      const left = middle - (line.length * (NODE.width + GAP) - GAP) / 2;
      line.forEach((action, index) => nodes.push({ action, x: left + index * (NODE.width + GAP), y }));
      y += NODE.height + (start + across < group.length ? GAP : 0);
    }
  });
  return { stage, x: 0, y: 0, width: inner + 2 * PAD, height: y + PAD, nodes, steps };
}

function moved(box: StageBox, x: number, y: number): StageBox {
  return { ...box, x, y };
}

function edge(from: StageBox, to: StageBox): Edge {
  if (from.y === to.y) {
    const y = from.y + HEAD / 2;
    return { into: to.stage, path: `M ${from.x + from.width} ${y} H ${to.x - 7}`, x: (from.x + from.width + to.x) / 2, y };
  }
  const [startX, endX] = [from.x + from.width / 2, to.x + to.width / 2];
  const turn = to.y - ROWS_APART / 2;
  const path = `M ${startX} ${from.y + from.height} V ${turn} H ${endX} V ${to.y - 7}`;
  return { into: to.stage, path, x: startX === endX ? startX : (startX + endX) / 2, y: turn };
}

/** A text that fits so many pixels, roughly, at a size. */
export function fitting(text: string, pixels: number, size = 13): string {
  const most = Math.max(1, Math.floor(pixels / (size * 0.54)));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
