/** Which names IAM takes. */

/** What is wrong with a name that has been begun; nothing where it is fit or still empty. */
export function misnamed(name: string, most = 64): string | undefined {
  if (name.length > most) return `At most ${most} characters.`;
  if (name && !/^[\w+=,.@-]+$/.test(name)) return "Letters, digits and + = , . @ _ - only, no spaces.";
  return undefined;
}
