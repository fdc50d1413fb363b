/** What a policy says, in plain words. */

import Box from "@cloudscape-design/components/box";

import "../people.css";
import { statements } from "./check";
import { inWords } from "./summary";

export function Words({ text }: { text: string }) {
  const found = statements(text);
  if (found.length === 0) return null;
  return (
    <div>
      <Box variant="awsui-key-label">In words</Box>
      <ul className="plain-list" aria-label="The policy in words">
        {found.map((each, index) => (
          <li key={index}>{inWords(each)}</li>
        ))}
      </ul>
    </div>
  );
}
