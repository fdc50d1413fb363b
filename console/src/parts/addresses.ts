/** Where addresses in data lead: into the console, out of it, or nowhere. Only http and https are followed at all. */

export type Place = { inside: string } | { outside: string } | undefined;

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Where an address from outside leads. `here` is the console's own address. */
export function placeOf(address: string | undefined, here: string = window.location.href): Place {
  if (!address || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!url.pathname.startsWith("/console/") || !sameServer(url, new URL(here))) return { outside: url.href };
  return { inside: url.pathname.slice("/console".length) + url.search };
}

function sameServer(one: URL, other: URL): boolean {
  return one.port === other.port && (one.hostname === other.hostname || (LOOPBACK.has(one.hostname) && LOOPBACK.has(other.hostname)));
}

export function buildPage(id: string): string {
  return `/builds/${encodeURIComponent(id)}`;
}

/** The page of a log stream, of its ARN (`…:log-group:GROUP:log-stream:STREAM`). */
export function logPage(arn: string | undefined): string | undefined {
  const found = /:log-group:([^:]+):log-stream:(.+)$/.exec(arn ?? "");
  return found ? `/logs/${encodeURIComponent(found[1] ?? "")}/${encodeURIComponent(found[2] ?? "")}` : undefined;
}

export function pipelinePage(name: string): string {
  return `/pipelines/${encodeURIComponent(name)}`;
}

export function executionPage(pipeline: string, id: string): string {
  return `${pipelinePage(pipeline)}/executions/${encodeURIComponent(id)}`;
}
