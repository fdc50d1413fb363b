/** A status as a disc with a sign: told apart by shape as well as by colour. */

const SIGNS: Record<string, string> = {
  good: "M -3.5 0 L -1 2.8 L 3.8 -2.8",
  bad: "M -3 -3 L 3 3 M 3 -3 L -3 3",
  busy: "M 0 -3.5 V 0 L 2.6 1.8",
  waiting: "M 0 -3.6 V 0.8 M 0 3.4 V 3.5",
  quiet: "M -3.4 0 H 3.4",
};

export function Dot({ x, y, tone }: { x: number; y: number; tone: string }) {
  return (
    <g transform={`translate(${x} ${y})`} className="dot" data-tone={tone} aria-hidden="true">
      <circle r={8} />
      {SIGNS[tone] && <path d={SIGNS[tone]} />}
    </g>
  );
}
