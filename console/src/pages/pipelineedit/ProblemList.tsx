/** All that is wrong in one place, with the way to each. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";

import type { Path, Problem } from "../../parts/structure/schema";
import { placeId } from "./draft";

interface Props {
  problems: Problem[];
  /** How many of them, the first ones, the server has said. */
  refused: number;
  /** Whether their places are on the page. */
  visible: boolean;
}

export function ProblemList({ problems, refused, visible }: Props) {
  if (problems.length === 0) return null;
  const header =
    refused > 0
      ? "The server did not accept this pipeline: nothing was saved"
      : problems.length === 1
        ? "Something is to be put right before saving"
        : `${problems.length} things are to be put right before saving`;
  return (
    <Alert type={refused > 0 ? "error" : "warning"} header={header}>
      <ul className="problems">
        {problems.map((each, index) => (
          <li key={index}>
            {visible && shownAt(each.path) ? (
              <Button variant="inline-link" onClick={() => shownAt(each.path)?.scrollIntoView({ block: "center" })}>
                {each.message}
              </Button>
            ) : (
              <span>{each.message}</span>
            )}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** The element of a place, or of the nearest one around it. */
function shownAt(path: Path): HTMLElement | null {
  for (let length = path.length; length > 0; length -= 1) {
    const found = document.getElementById(placeId(path.slice(0, length)));
    if (found) return found;
  }
  return null;
}
