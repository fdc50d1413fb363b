/** Addresses of secrets and parameters, whose names may have slashes. */

export function placeOf(kind: "secret" | "parameter", name: string): string {
  return `/secrets?${new URLSearchParams({ [kind]: name })}`;
}
