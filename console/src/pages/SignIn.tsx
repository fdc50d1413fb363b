/** Signing in: by user name and password, with a new password where one is demanded, or by the administrator's one-time link. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { ApiError, request } from "../api/client";
import { useSession } from "../api/session";
import { useTitle } from "../shell/title";

interface FormProps {
  userName?: string;
  onDone: () => Promise<void> | void;
}

export function SignInForm({ userName = "", onDone }: FormProps) {
  const [name, setName] = useState(userName);
  const [password, setPassword] = useState("");
  const [fresh, setFresh] = useState("");
  const [demanded, setDemanded] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await request("POST", "/session/password", { userName: name, password, ...(demanded ? { newPassword: fresh } : {}) });
      await onDone();
    } catch (failure) {
      const refused = failure as ApiError;
      if (refused.code === "PasswordChangeRequired" && !demanded) setDemanded(true);
      else setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <SpaceBetween size="m">
        {error && <Alert type="error">{error.message}</Alert>}
        {demanded && !error && <Alert type="info">Choose a new password to go on.</Alert>}
        <FormField label="User name">
          <Input value={name} onChange={(event) => setName(event.detail.value)} autoComplete="username" disabled={demanded} />
        </FormField>
        <FormField label="Password">
          <Input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.detail.value)}
            autoComplete="current-password"
            disabled={demanded}
          />
        </FormField>
        {demanded && (
          <FormField label="New password">
            <Input type="password" value={fresh} onChange={(event) => setFresh(event.detail.value)} autoComplete="new-password" />
          </FormField>
        )}
        <Button variant="primary" formAction="submit" loading={busy} fullWidth>
          {demanded ? "Change password and sign in" : "Sign in"}
        </Button>
      </SpaceBetween>
    </form>
  );
}

export default function SignIn() {
  useTitle("Sign in");
  const { session, refresh } = useSession();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [error, setError] = useState("");
  const used = useRef(false);
  const wanted = query.get("to") ?? "";
  // Only places of the console itself: a link must not lead anywhere else after signing in.
  const to = /^\/[a-z]/.test(wanted) ? wanted : "/pipelines";
  useEffect(() => {
    const token = window.location.hash.slice(1);
    if (!token || used.current) return;
    used.current = true;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    request("POST", "/session/link", { token }).then(refresh, (failure: ApiError) => setError(failure.message));
  }, [refresh]);
  useEffect(() => {
    if (session?.signedIn) navigate(to, { replace: true });
  }, [session, navigate, to]);
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        {error && <Alert type="error">{error}</Alert>}
        <Container header={<Header variant="h1">Sign in to Stageline</Header>}>
          <SpaceBetween size="l">
            <SignInForm onDone={refresh} />
            <ExpandableSection headerText="Are you the administrator?">
              <Box variant="p">
                Print a link on the server, and open it: it signs you in once, within a quarter of an hour.
              </Box>
              <Box variant="code">stageline console</Box>
              <Box variant="p">
                Give people a password with <Box variant="code">aws iam create-login-profile</Box>, or under People and policies.
              </Box>
            </ExpandableSection>
          </SpaceBetween>
        </Container>
      </SpaceBetween>
    </main>
  );
}
