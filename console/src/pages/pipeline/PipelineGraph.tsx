/** The pipeline as a picture: stages, the actions in them, what is open and what is shut. Each action leads to its details. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";

import { statusWord } from "../../parts/Status";
import { Dot } from "./Dot";
import { NODE, type Edge, type NodeBox, type StageBox, fitting, layOut } from "./layout";
import { type ActionView, type StageView, toneOf, toneOfAction, waitsForAnswer } from "./model";

interface Props {
  stages: StageView[];
  onDetails: (action: ActionView) => void;
}

export function PipelineGraph({ stages, onDetails }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const graph = layOut(stages, width - 4);
  return (
    <div ref={frame} className="graph">
      <svg
        role="group"
        aria-label="Graph of the pipeline"
        width={graph.width + 4}
        height={graph.height + 4}
        viewBox={`-2 -2 ${graph.width + 4} ${graph.height + 4}`}
        preserveAspectRatio="xMinYMin meet"
        onKeyDown={walk}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
            <path d="M 0 0 L 8 4 L 0 8 z" className="graph-arrow" />
          </marker>
        </defs>
        {graph.edges.map((each) => (
          <Passage key={each.into.name} edge={each} />
        ))}
        {graph.stages.map((each) => (
          <Stage key={each.stage.name} box={each} onDetails={onDetails} />
        ))}
      </svg>
    </div>
  );
}

function Stage({ box, onDetails }: { box: StageBox; onDetails: Props["onDetails"] }) {
  const { stage } = box;
  const said = `Stage ${stage.name}: ${statusWord(stage.status)}`;
  return (
    <g transform={`translate(${box.x} ${box.y})`} data-tone={toneOf(stage.status)} role="group" aria-label={said}>
      <rect className="graph-stage" width={box.width} height={box.height} rx={10} />
      <path className="graph-bar" d={`M 10 1.5 H ${box.width - 10}`} />
      <Dot x={22} y={20} tone={toneOf(stage.status)} />
      <text className="graph-title" x={36} y={25}>
        {fitting(stage.name, box.width - 50, 14)}
        <title>{said}</title>
      </text>
      {box.steps.map((path) => (
        <path key={path} d={path} className="graph-edge" markerEnd="url(#arrow)" />
      ))}
      {box.nodes.map((each) => (
        <Node key={each.action.name} box={each} onDetails={onDetails} />
      ))}
    </g>
  );
}

function Node({ box, onDetails }: { box: NodeBox; onDetails: Props["onDetails"] }) {
  const { action } = box;
  const tone = toneOfAction(action);
  const word = waitsForAnswer(action) ? "Waits for approval" : statusWord(action.status);
  const provider = action.declared?.actionTypeId.provider;
  return (
    <g
      className="graph-node"
      transform={`translate(${box.x} ${box.y})`}
      data-tone={tone}
      role="button"
      tabIndex={0}
      onClick={() => onDetails(action)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onDetails(action);
      }}
    >
      <title>{`${action.stage} / ${action.name}: ${word}`}</title>
      <rect className="graph-action" width={NODE.width} height={NODE.height} rx={8} />
      <Dot x={20} y={NODE.height / 2} tone={tone} />
      <text className="graph-name" x={38} y={23}>
        {fitting(action.name, NODE.width - 46)}
      </text>
      <text className="graph-more" x={38} y={41}>
        {fitting(provider && tone !== "waiting" ? `${provider} · ${word}` : word, NODE.width - 44, 12)}
      </text>
    </g>
  );
}

function Passage({ edge }: { edge: Edge }) {
  const shut = edge.into.state.inboundTransitionState?.enabled === false;
  const waiting = edge.into.waiting.length;
  const said = [shut ? "disabled" : "", waiting > 0 ? (waiting === 1 ? "1 execution waits" : `${waiting} executions wait`) : ""];
  const text = said.filter(Boolean).join(", ");
  return (
    <g data-shut={shut} {...(text ? { role: "img", "aria-label": `Transition into ${edge.into.name}: ${text}` } : { "aria-hidden": true })}>
      {text && <title>{text}</title>}
      <path d={edge.path} className="graph-edge" markerEnd="url(#arrow)" />
      {shut && <path d={`M ${edge.x - 5} ${edge.y - 7} l 10 14 m 0 -14 l -10 14`} className="graph-shut" />}
      {waiting > 0 && (
        <g transform={`translate(${edge.x} ${edge.y - 17})`}>
          <circle r={9} className="graph-count" />
          <text className="graph-number" textAnchor="middle" y={4}>
            {waiting}
          </text>
        </g>
      )}
    </g>
  );
}

/** Arrow keys go from action to action, besides Tab. */
function walk(event: KeyboardEvent<SVGSVGElement>) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const nodes = [...event.currentTarget.querySelectorAll<SVGGElement>(".graph-node")];
  const here = nodes.indexOf(document.activeElement as unknown as SVGGElement);
  if (here < 0) return;
  event.preventDefault();
  nodes[Math.min(Math.max(here + step, 0), nodes.length - 1)]?.focus();
}

function useWidth(frame: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(960);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
