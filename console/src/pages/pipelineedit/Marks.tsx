/** What is wrong at a place, told there. */

import Icon from "@cloudscape-design/components/icon";

import type { Path } from "../../parts/structure/schema";
import { useDraft } from "./draft";
import { within } from "./problems";

interface Props {
  path: Path;
  /** Places within this one that tell their own problems. */
  except?: Path[];
}

export function Marks({ path, except = [] }: Props) {
  const here = within(useDraft().problems, path);
  const found = here.filter((each) => !except.some((other) => within([each], other).length > 0));
  if (found.length === 0) return null;
  return (
    <div className="marks">
      {found.map((each, index) => (
        <div key={index}>
          <Icon name="status-negative" variant="error" /> {each.message}
        </div>
      ))}
    </div>
  );
}
