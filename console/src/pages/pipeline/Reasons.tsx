/** The sentences that say why something waits. */

import Icon from "@cloudscape-design/components/icon";

import { When } from "../../parts/When";
import type { Reason } from "./why";

export function Reasons({ of }: { of: Reason[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="reasons" aria-label="Why it waits">
      {of.map((each) => (
        <li key={each.text}>
          <Icon name={each.over ? "status-info" : "status-pending"} variant="subtle" />
          <span>
            {each.text}
            {each.since !== undefined && (
              <>
                {", since "}
                <When at={each.since} />
              </>
            )}
            {each.until !== undefined && (
              <>
                {"; it fails by itself "}
                <When at={each.until} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
