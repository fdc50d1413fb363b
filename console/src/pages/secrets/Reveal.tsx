/** A value that is asked for when somebody wants to see it, and forgotten when it is hidden again, or the page is left. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";

import type { ApiError } from "../../api/client";
import type { Question } from "../../api/may";
import { Permitted } from "../../parts/Permitted";
import "../people/people.css";

/** Nobody needs a value on the screen longer than this. */
const HIDDEN_AFTER = 120_000;

interface Props {
  asks: Question;
  read: () => Promise<string>;
  /** Which value, where there are several. */
  what?: string;
}

export function Reveal({ asks, read, what }: Props) {
  const [value, setValue] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const shown = value !== undefined;
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setValue(undefined), HIDDEN_AFTER);
    return () => clearTimeout(timer);
  }, [shown]);
  const show = async () => {
    setBusy(true);
    setError(undefined);
    await read().then(setValue, setError);
    setBusy(false);
  };
  const of = what ? ` of ${what}` : "";
  return (
    <SpaceBetween size="xs">
      {error && (
        <Alert type="error" header={error.code}>
          {error.message}
        </Alert>
      )}
      {shown ? (
        <>
          <Box variant="code">
            <pre className="document" role="region" aria-label={`The value${of}`}>
              {value}
            </pre>
          </Box>
          <SpaceBetween direction="horizontal" size="xs">
            <CopyToClipboard copyButtonText="Copy" copySuccessText="Copied" copyErrorText="Could not copy" textToCopy={value} />
            <Button onClick={() => setValue(undefined)}>Hide</Button>
          </SpaceBetween>
        </>
      ) : (
        <Permitted asks={asks} loading={busy} ariaLabel={`Show the value${of}`} onClick={() => void show()}>
          Show the value
        </Permitted>
      )}
    </SpaceBetween>
  );
}
