/** Long names as people say them. */

/** The beginning of an execution id, a commit id, an object version. */
export function shortId(id: string | undefined, length = 8): string {
  return (id ?? "").slice(0, length);
}

/** Who is behind an ARN: "alice", "role/session", "the administrator"; anything else stays as it is. */
export function whoIs(arn: string | undefined): string {
  if (!arn) return "somebody";
  const parts = arn.split(":");
  if (parts[0] !== "arn" || parts.length < 6) return arn;
  const resource = parts.slice(5).join(":");
  if (resource === "root") return "the administrator";
  if (resource.startsWith("assumed-role/")) return resource.slice("assumed-role/".length);
  return resource.split("/").at(-1) ?? resource;
}
