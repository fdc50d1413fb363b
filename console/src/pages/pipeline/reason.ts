/** What CodePipeline takes as the reason of a disabled transition (DisabledReason). Pure. */

const MOST = 300;
const REFUSED = /[^a-zA-Z0-9!@ ().*?-]/;

/** What is wrong with a reason, for its writer; empty when nothing is. */
export function reasonProblem(reason: string): string {
  if (reason.length > MOST) return `The reason has ${reason.length} characters; at most ${MOST} fit.`;
  const found = REFUSED.exec(reason);
  if (!found) return "";
  return found[0] === "\n" ? "CodePipeline takes no line breaks in a reason." : `CodePipeline takes no “${found[0]}” in a reason.`;
}
