/** A policy that is only read: in words, and as it is written. */

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";

import "../people.css";
import { Words } from "./Words";

export function Document({ text }: { text: string }) {
  return (
    <SpaceBetween size="s">
      <Words text={text} />
      <Box variant="code" display="block">
        <pre className="document">{text}</pre>
      </Box>
      <CopyToClipboard copyButtonText="Copy the policy" copySuccessText="Copied" copyErrorText="Could not copy" textToCopy={text} />
    </SpaceBetween>
  );
}
