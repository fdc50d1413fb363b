/** Instants and durations for people: how long ago, with the exact time in the person's zone on hover. */

import { useSyncExternalStore } from "react";

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const ticking = new Set<() => void>();
let second = Math.floor(Date.now() / 1000);
setInterval(() => {
  second = Math.floor(Date.now() / 1000);
  ticking.forEach((listener) => listener());
}, 1_000);

/** Epoch seconds, now; the part that asks is drawn again each second. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      ticking.add(listener);
      return () => ticking.delete(listener);
    },
    () => second,
  );
}

/** "3 minutes ago". Both in epoch seconds. */
export function ago(instant: number, now: number): string {
  const past = now - instant;
  if (Math.abs(past) < 10) return "just now";
  const [unit, size] = UNITS.find(([, each]) => Math.abs(past) >= each) ?? ["second", 1];
  return AGO.format(-Math.round(past / size), unit);
}

/** An exact instant in the person's zone. */
export function exactly(instant: number): string {
  return FULL.format(instant * 1000);
}

/** "1 min 20 s" of seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, seconds);
  if (whole < 10) return `${whole.toFixed(1)} s`;
  const s = Math.round(whole);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** How long ago an instant (epoch seconds) was. */
export function When({ at }: { at: number | undefined }) {
  const now = useNow();
  if (at === undefined) return <>–</>;
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={exactly(at)}>
      {ago(at, now)}
    </time>
  );
}

/** How long something took, or takes. */
export function Took({ from, to }: { from: number | undefined; to: number | undefined }) {
  const now = useNow();
  if (from === undefined) return <>–</>;
  return <>{duration((to ?? now) - from)}</>;
}
