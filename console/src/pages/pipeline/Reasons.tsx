/** The sentences that say why something waits. */

import StatusIndicator from "@cloudscape-design/components/status-indicator";

import { When } from "../../parts/When";
import type { Reason } from "./why";

export function Reasons({ of }: { of: Reason[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="reasons" aria-label="Why it waits">
      {of.map((each) => (
        <li key={each.text}>
          <StatusIndicator type="pending" wrapText>
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
          </StatusIndicator>
        </li>
      ))}
    </ul>
  );
}
