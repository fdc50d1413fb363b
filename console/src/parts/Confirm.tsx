/** A dialog that asks before something is done, with what else it needs to know. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";

import type { ApiError } from "../api/client";

interface Props {
  title: string;
  /** What the button says; what it does may fail, then the dialog stays with the reason. */
  verb: string;
  onConfirm: () => Promise<unknown>;
  onDone: () => void;
  children?: ReactNode;
  /** A word that has to be typed first. */
  typed?: string;
  disabled?: boolean;
  size?: "small" | "medium" | "large";
}

export function Confirm({ title, verb, onConfirm, onDone, children, typed, disabled, size }: Props) {
  const [word, setWord] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const ready = !disabled && (typed === undefined || word === typed);
  const go = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onDone();
    } catch (failure) {
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size={size}
      header={title}
      closeAriaLabel="Close"
      onDismiss={onDone}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDone}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!ready} loading={busy} onClick={go}>
              {verb}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error && (
          <Alert type="error" header={error.name}>
            {error.message}
          </Alert>
        )}
        {children}
        {typed !== undefined && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void go();
            }}
          >
            <FormField label={`To confirm, type ${typed}`}>
              <Input value={word} onChange={(event) => setWord(event.detail.value)} placeholder={typed} autoComplete={false} />
            </FormField>
          </form>
        )}
      </SpaceBetween>
    </Modal>
  );
}
