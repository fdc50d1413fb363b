/** One record with everything that is in it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useHref } from "react-router";

import { exactly } from "../../parts/When";
import { Copied } from "../people/Once";
import "../people/people.css";
import { Outcome } from "./Outcome";
import type { Entry, Wanted } from "./reading";

interface Props {
  one: Entry;
  onChange: (some: Partial<Wanted>) => void;
  onDone: () => void;
}

export function Detail({ one, onChange, onDone }: Props) {
  const link = window.location.origin + useHref(`/audit?${new URLSearchParams({ id: one.id })}`);
  const text = JSON.stringify(one.told, null, 2);
  const narrow = (some: Partial<Wanted>) => {
    onDone();
    onChange(some);
  };
  return (
    <Modal
      visible
      size="large"
      header={one.name}
      closeAriaLabel="Close"
      onDismiss={onDone}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <CopyToClipboard copyButtonText="Copy a link" copySuccessText="Copied" copyErrorText="Could not copy" textToCopy={link} />
            <Button variant="primary" onClick={onDone}>
              Close
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {one.error && (
          <Alert type={one.denied ? "warning" : "error"} header={one.error}>
            {one.message}
          </Alert>
        )}
        <KeyValuePairs
          columns={2}
          items={[
            { label: "Outcome", value: <Outcome one={one} /> },
            { label: "When", value: exactly(one.at) },
            { label: "Who", value: one.who },
            { label: "From", value: one.address },
            {
              label: "Request id",
              value: (
                <Button variant="inline-link" onClick={() => narrow({ request: one.request, read: "all", id: "" })}>
                  {one.request || "–"}
                </Button>
              ),
            },
            {
              label: "Access key",
              value: one.key ? (
                <Button variant="inline-link" onClick={() => narrow({ key: one.key, read: "all", id: "" })}>
                  {one.key}
                </Button>
              ) : (
                "None: through the console"
              ),
            },
            ...one.resources.map((each, index) => ({ label: index ? "" : "On", value: <Copied label="ARN" value={each} /> })),
          ]}
        />
        <Box variant="code">
          <pre className="document" tabIndex={0} aria-label="The record as JSON">
            {text}
          </pre>
        </Box>
      </SpaceBetween>
    </Modal>
  );
}
