/** All that is wrong in one place, with the way to each. */

import Alert from "@cloudscape-design/components/alert";
import Link from "@cloudscape-design/components/link";

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import type { Path, Problem } from "../../parts/structure/schema";
import { placeId, useDraft } from "./draft";
import { TITLES } from "./words";

interface Props {
  problems: Problem[];
  /** How many of them, the first ones, the server has said. */
  refused: number;
  /** Whether their places are on the page. */
  visible: boolean;
}

export function ProblemList({ problems, refused, visible }: Props) {
  const { document } = useDraft();
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
              <Link onFollow={() => shownAt(each.path)?.scrollIntoView({ block: "center" })}>
                {placeTold(each.path, document)}
                {each.message}
              </Link>
            ) : (
              <span>
                {placeTold(each.path, document)}
                {each.message}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** "Deploy / Site: " for what is about the action Site of the stage Deploy. */
function placeTold(path: Path, document: PipelineDeclaration): string {
  const [first, index, member, number] = path;
  if (first !== "stages") return "";
  const stage = document.stages[Number(index)];
  if (!stage) return "";
  if (member === "actions") return `${stage.name} / ${stage.actions[Number(number)]?.name ?? "?"}: `;
  const condition = TITLES[member as keyof typeof TITLES];
  return condition ? `${stage.name}, ${condition.toLowerCase()}: ` : `${stage.name}: `;
}

/** The element of a place, or of the nearest one around it. */
function shownAt(path: Path): HTMLElement | null {
  for (let length = path.length; length > 0; length -= 1) {
    const found = window.document.getElementById(placeId(path.slice(0, length)));
    if (found) return found;
  }
  return null;
}
