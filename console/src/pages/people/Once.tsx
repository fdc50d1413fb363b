/** What the server tells only once: shown, to be copied, and gone when this is closed. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";

interface Props {
  what: string;
  values: [label: string, value: string][];
  /** All of it, in a form to be used at once. */
  script?: { label: string; text: string };
}

export function Once({ what, values, script }: Props) {
  return (
    <SpaceBetween size="m">
      <Alert type="warning">{what} is shown now and never again: copy it before you close this.</Alert>
      <KeyValuePairs columns={1} items={values.map(([label, value]) => ({ label, value: <Copied label={label} value={value} /> }))} />
      {script && (
        <SpaceBetween size="xs">
          <Box variant="awsui-key-label">{script.label}</Box>
          <Box variant="pre" className="script">
            {script.text}
          </Box>
          <CopyToClipboard
            copyButtonText="Copy all"
            copySuccessText="Copied"
            copyErrorText="Could not copy"
            textToCopy={script.text}
          />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

/** A value in fixed width with a button that copies it. */
export function Copied({ label, value }: { label: string; value: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      copyButtonAriaLabel={`Copy: ${label}`}
      copySuccessText="Copied"
      copyErrorText="Could not copy"
      textToCopy={value}
      textToDisplay={value}
    />
  );
}
