/** What secrets hold; read only when somebody asks to see it. */

import { call } from "../../api/client";

/** The value of a version (the current one without): bytes are told of, not shown. */
export async function valueOf(SecretId: string, VersionId?: string): Promise<string> {
  const found = await call("secretsmanager", "GetSecretValue", { SecretId, ...(VersionId ? { VersionId } : {}) });
  return found.SecretString ?? `(bytes, in Base64)\n${found.SecretBinary ?? ""}`;
}
