/** What the audit page asks for, as an address keeps it, and how records are read. */

import type { Event, LookupAttribute } from "../../api/models/cloudtrail";

export interface Wanted {
  user: string;
  event: string;
  resource: string;
  source: string;
  key: string;
  /** Id of an event, or of the request that it was. */
  id: string;
  request: string;
  /** "true" for reading, "false" for changing (as AWS's console begins), "all" for both. */
  read: string;
  denied: boolean;
  /** "6-hour": so long until now; else an absolute time in epoch seconds, or all that is kept. */
  last: string;
  since?: number;
  until?: number;
}

export type Field = Exclude<keyof Wanted, "denied" | "last" | "since" | "until">;
const FIELDS: Field[] = ["user", "event", "resource", "source", "key", "id", "request", "read"];
/** LookupEvents takes one attribute: the one that leaves least. The others are looked for in what it answers. */
const ATTRIBUTES: [Field, LookupAttribute["AttributeKey"]][] = [
  ["id", "EventId"],
  ["resource", "ResourceName"],
  ["key", "AccessKeyId"],
  ["event", "EventName"],
  ["user", "Username"],
  ["source", "EventSource"],
  ["read", "ReadOnly"],
];

/** Who asks for something particular wants it whatever its kind; else reads are too many to be shown unasked. */
function usual(wanted: Wanted): string {
  return wanted.denied || wanted.id || wanted.request || wanted.source || wanted.event ? "all" : "false";
}

/** From an address. */
export function parsed(query: URLSearchParams): Wanted {
  const texts = Object.fromEntries(FIELDS.map((name) => [name, query.get(name) ?? ""])) as Record<Field, string>;
  const instant = (name: string) => (Number(query.get(name)) > 0 ? Number(query.get(name)) : undefined);
  const denied = query.get("denied") === "true";
  const found = { ...texts, denied, last: query.get("last") ?? "", since: instant("since"), until: instant("until") };
  return { ...found, read: texts.read || usual(found) };
}

/** Into an address. */
export function written(wanted: Wanted): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FIELDS) if (wanted[name] && (name !== "read" || wanted.read !== usual(wanted))) query.set(name, wanted[name]);
  if (wanted.denied) query.set("denied", "true");
  if (wanted.last) query.set("last", wanted.last);
  if (wanted.since) query.set("since", String(wanted.since));
  if (wanted.until) query.set("until", String(wanted.until));
  return query;
}

const UNITS: Record<string, number> = { minute: 60, hour: 3600, day: 86_400 };

/** Seconds of "6-hour". */
export function seconds(last: string): number {
  const [amount, unit] = last.split("-");
  return Number(amount) * (UNITS[unit] ?? 0);
}

/** What the server is asked, `now` being epoch seconds. */
export function asked(wanted: Wanted, now: number) {
  const found = ATTRIBUTES.find(([name]) => wanted[name] && wanted[name] !== "all");
  const since = wanted.last ? now - seconds(wanted.last) : wanted.since;
  return {
    ...(found ? { LookupAttributes: [{ AttributeKey: found[1], AttributeValue: wanted[found[0]] }] } : {}),
    ...(since ? { StartTime: since } : {}),
    ...(wanted.until && !wanted.last ? { EndTime: wanted.until } : {}),
  };
}

/** A record as the page shows it; `told` is CloudTrail's own form of it. */
export interface Entry {
  id: string;
  at: number;
  who: string;
  name: string;
  source: string;
  reading: boolean;
  resources: string[];
  /** Why it was refused, or empty. */
  error: string;
  message: string;
  denied: boolean;
  request: string;
  key: string;
  address: string;
  told: Record<string, unknown>;
}

export function entry(event: Event): Entry {
  const told = JSON.parse(event.CloudTrailEvent ?? "{}") as Record<string, unknown>;
  const text = (name: string) => String(told[name] ?? "");
  const error = text("errorCode") || failure(told);
  return {
    id: event.EventId ?? "",
    at: event.EventTime ?? 0,
    who: event.Username ?? "–",
    name: event.EventName ?? "",
    source: event.EventSource ?? "",
    reading: event.ReadOnly === "true",
    resources: (event.Resources ?? []).map((each) => each.ResourceName ?? ""),
    error,
    message: text("errorMessage"),
    denied: /AccessDenied|Unauthorized|NotAuthorized|Failed authentication/.test(error + text("errorMessage")) || failure(told) !== "",
    request: text("requestID"),
    key: event.AccessKeyId ?? "",
    address: text("sourceIPAddress"),
    told,
  };
}

/** A sign-in that failed has no error code: its answer says so. */
function failure(told: Record<string, unknown>): string {
  const answer = told.responseElements as Record<string, unknown> | null | undefined;
  return answer && Object.values(answer).includes("Failure") ? "Failure" : "";
}

/** Whether a record is wanted, of all that was asked. */
export function fits(one: Entry, wanted: Wanted): boolean {
  return (
    (!wanted.id || one.id === wanted.id) &&
    (!wanted.request || one.request === wanted.request) &&
    (!wanted.user || one.who === wanted.user) &&
    (!wanted.event || one.name === wanted.event) &&
    (!wanted.source || one.source === wanted.source) &&
    (!wanted.key || one.key === wanted.key) &&
    (wanted.read === "all" || String(one.reading) === wanted.read) &&
    (!wanted.resource || one.resources.some((each) => each === wanted.resource || short(each) === wanted.resource)) &&
    (!wanted.denied || one.denied)
  );
}

/** The name at the end of an ARN: of an object's that of the bucket with the key. */
export function short(arn: string): string {
  const rest = arn.split(":").slice(5).join(":") || arn;
  return arn.includes(":s3:::") ? rest : rest.slice(Math.max(rest.lastIndexOf(":"), rest.lastIndexOf("/")) + 1);
}
