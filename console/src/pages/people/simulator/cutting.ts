/** Statements as the simulator tells of them: by where they begin and end in a policy. */

import type { Statement } from "../../../api/models/iam";
import { offset } from "../policy/json";

/** The text of a statement within its policy. */
export function cut(policy: string, { StartPosition: from, EndPosition: to }: Statement): string {
  if (!from?.Line || !from.Column || !to?.Line || !to.Column) return "";
  return policy.slice(offset(policy, from.Line, from.Column), offset(policy, to.Line, to.Column));
}
