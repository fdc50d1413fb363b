/** Calls of AWS operations, typed by the service models, with the session's cookie. */

import type { Services } from "./models";

export type Service = keyof Services;
export type Operation<S extends Service> = keyof Services[S] & string;
export type Input<S extends Service, O extends Operation<S>> = Services[S][O] extends [infer I, unknown] ? I : never;
export type Output<S extends Service, O extends Operation<S>> = Services[S][O] extends [unknown, infer R] ? R : never;

/** A refusal in AWS's words: `code` as in the model, `message` for people. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = code;
  }

  /** Whether the caller's policies are the reason. */
  get denied(): boolean {
    return this.code.startsWith("AccessDenied");
  }
}

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Call `listener` whenever an answer says that the session is over; returns the function that ends it. */
export function onSignedOut(listener: Listener): Listener {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/** A request to the console's own server; raises ApiError. `path` follows `/console`. */
export async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/console${path}`, {
      method,
      signal,
      credentials: "same-origin",
      headers: { "x-stageline-console": "1", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("Unreachable", "The server does not answer. Is it running?", 0);
  }
  const content = await response.json().catch(() => ({}));
  if (response.ok) return content as T;
  if (response.status === 401 && content.code === "SignedOut") signedOut.forEach((listener) => listener());
  throw new ApiError(content.code ?? `HTTP${response.status}`, content.message ?? response.statusText, response.status);
}

/** Call an operation: `call("codepipeline", "GetPipeline", { name })`. */
export function call<S extends Service, O extends Operation<S>>(
  service: S,
  operation: O,
  params: Input<S, O>,
  signal?: AbortSignal,
): Promise<Output<S, O>> {
  return request("POST", `/api/${service}/${operation}`, params, signal);
}

/** Where an object can be downloaded from, as a link. */
export function objectUrl(bucket: string, key: string, versionId?: string): string {
  const query = new URLSearchParams({ bucket, key, ...(versionId ? { versionId } : {}) });
  return `/console/objects?${query}`;
}

/** Put a file into a bucket; raises ApiError. */
export async function upload(bucket: string, key: string, file: Blob): Promise<{ VersionId?: string }> {
  const response = await fetch(`/console/objects?${new URLSearchParams({ bucket, key })}`, {
    method: "PUT",
    credentials: "same-origin",
    headers: { "x-stageline-console": "1", "content-type": file.type || "application/octet-stream" },
    body: file,
  });
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(content.code ?? `HTTP${response.status}`, content.message ?? "", response.status);
  return content;
}
