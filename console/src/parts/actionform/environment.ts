/** Environment variables of CodeBuild actions: a JSON array in one text of the configuration. */

export interface Variable {
  name: string;
  value: string;
  type?: string;
}

/** The rows of a text; undefined when it is not such an array. */
export function parseVariables(text: string): Variable[] | undefined {
  if (!text.trim()) return [];
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) && found.every(isVariable) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The text of rows; empty without any. */
export function formatVariables(rows: Variable[]): string {
  return rows.length ? JSON.stringify(rows.map(({ name, value, type }) => ({ name, value, ...(type ? { type } : {}) }))) : "";
}

function isVariable(given: unknown): given is Variable {
  const each = given as Variable;
  return typeof each === "object" && each !== null && typeof each.name === "string" && typeof each.value === "string";
}
