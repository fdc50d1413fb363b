/**
 * A dialog around a form; cancel leaves everything as it was. It is no <form>: each of the buttons within would submit it.
 */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

interface Props {
  title: string;
  verb: string;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
  size?: "medium" | "large";
}

export function FormDialog({ title, verb, onSubmit, onCancel, children, size }: Props) {
  return (
    <Modal
      visible
      size={size}
      header={title}
      closeAriaLabel="Close"
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              Cancel
            </Button>
            <Button variant="primary" onClick={onSubmit}>
              {verb}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {children}
    </Modal>
  );
}
