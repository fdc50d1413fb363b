/** Passwords that the console makes up. */

const KINDS = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#$%^&*()_+-=[]{}|"];
const LENGTH = 20;

/** A password with letters, digits and symbols, without those that are mistaken for others. */
export function madeUp(): string {
  const letters = KINDS.join("");
  for (;;) {
    const found = Array.from({ length: LENGTH }, () => letters[below(letters.length)]).join("");
    if (KINDS.every((kind) => [...kind].some((letter) => found.includes(letter)))) return found;
  }
}

/** A number from 0 to `most` - 1, each as likely as the others. */
function below(most: number): number {
  const limit = 256 - (256 % most);
  for (;;) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < limit) return byte % most;
  }
}
