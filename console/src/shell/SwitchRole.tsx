/** Going on as a role that one may assume. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { ApiError, request } from "../api/client";
import { usePerson, useSession } from "../api/session";

export function SwitchRole({ onDone }: { onDone: () => void }) {
  const { account } = usePerson();
  const { refresh } = useSession();
  const [role, setRole] = useState("");
  const [error, setError] = useState<ApiError>();
  const arn = role.startsWith("arn:") ? role : `arn:aws:iam::${account}:role/${role}`;
  const go = async () => {
    try {
      await request("POST", "/session/role", { roleArn: arn });
      await refresh();
      onDone();
    } catch (failure) {
      setError(failure as ApiError);
    }
  };
  return (
    <Modal
      visible
      header="Switch role"
      closeAriaLabel="Close"
      onDismiss={onDone}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDone}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!role} onClick={go}>
              Switch role
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <SpaceBetween size="m">
          {error && (
            <Alert type="error" header={error.code}>
              {error.message}
            </Alert>
          )}
          <FormField label="Role" description="The name or the ARN of a role whose trust policy admits you.">
            <Input value={role} onChange={(event) => setRole(event.detail.value)} placeholder="Releaser" autoFocus />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  );
}

/** Be oneself again. */
SwitchRole.back = () => request<object>("POST", "/session/role", {});
