/** Changing one's own password. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { ApiError, request } from "../../api/client";
import { useSession } from "../../api/session";
import { useNotices } from "../../shell/notices";

export function Password() {
  const { refresh } = useSession();
  const { tell } = useNotices();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const differs = Boolean(again) && again !== fresh;
  const change = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await request("POST", "/session/password/change", { oldPassword: old, newPassword: fresh });
      for (const clear of [setOld, setFresh, setAgain]) clear("");
      tell("success", "Your password is changed. Your other sign-ins have ended.");
      await refresh();
    } catch (failure) {
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const ofOld = error?.code === "SignInFailed";
  const ofNew = error?.code === "PasswordPolicyViolation";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (old && fresh && fresh === again && !busy) void change();
      }}
    >
      <Container header={<Header description="All your other sign-ins end with it.">Password</Header>}>
        <SpaceBetween size="m">
          {error && !ofOld && !ofNew && (
            <Alert type="error" header={error.code}>
              {error.message}
            </Alert>
          )}
          <FormField label="Present password" errorText={ofOld ? "This is not your password." : undefined}>
            <Input type="password" value={old} onChange={(event) => setOld(event.detail.value)} autoComplete="current-password" />
          </FormField>
          <FormField label="New password" errorText={ofNew ? error?.message : undefined}>
            <Input type="password" value={fresh} onChange={(event) => setFresh(event.detail.value)} autoComplete="new-password" />
          </FormField>
          <FormField label="New password again" errorText={differs ? "This is not the same." : undefined}>
            <Input type="password" value={again} onChange={(event) => setAgain(event.detail.value)} autoComplete="new-password" />
          </FormField>
          <Button formAction="submit" loading={busy} disabled={!old || !fresh || fresh !== again}>
            Change password
          </Button>
        </SpaceBetween>
      </Container>
    </form>
  );
}
