/** Whether a user can sign in to this console: the password set, replaced, taken away. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import type { User } from "../../api/models/iam";
import { useCall } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { useNotices } from "../../shell/notices";
import { Once } from "./Once";
import { type Chosen, PasswordFields } from "./PasswordFields";
import { Staged } from "./Staged";
import { madeUp } from "./passwords";

export function Login({ user }: { user: User }) {
  const UserName = user.UserName;
  const found = useCall("iam", "GetLoginProfile", { UserName });
  const [doing, setDoing] = useState<"set" | "drop">();
  const profile = found.data?.LoginProfile;
  const none = found.error?.code === "NoSuchEntity";
  const has = Boolean(profile) && !none;
  const setting = { UserName, Password: "xxxxxxxx" };
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      {has && (
        <Permitted asks={may("iam", "DeleteLoginProfile", { UserName })} onClick={() => setDoing("drop")}>
          Take the password away
        </Permitted>
      )}
      <Permitted
        asks={has ? may("iam", "UpdateLoginProfile", setting) : may("iam", "CreateLoginProfile", setting)}
        disabled={!has && !none}
        onClick={() => setDoing("set")}
      >
        {has ? "Set another password" : "Let sign in"}
      </Permitted>
    </SpaceBetween>
  );
  return (
    <Container header={<Header actions={actions}>Signing in to this console</Header>}>
      {!none && <Failure error={found.error} what="whether this user can sign in" />}
      {none && <Box>This user has no password and cannot sign in here.</Box>}
      {has && profile && (
        <KeyValuePairs
          columns={3}
          items={[
            {
              label: "Password",
              value: profile.PasswordResetRequired ? (
                <StatusIndicator type="pending">To be changed at the next sign-in</StatusIndicator>
              ) : (
                <StatusIndicator type="success">Set</StatusIndicator>
              ),
            },
            { label: "First set", value: <When at={profile.CreateDate} /> },
            { label: "Last signed in", value: user.PasswordLastUsed ? <When at={user.PasswordLastUsed} /> : "Never" },
          ]}
        />
      )}
      {doing === "set" && <SetPassword user={UserName} has={has} onDone={() => setDoing(undefined)} />}
      {doing === "drop" && <DropPassword user={UserName} onDone={() => setDoing(undefined)} />}
    </Container>
  );
}

function SetPassword({ user, has, onDone }: { user: string; has: boolean; onDone: () => void }) {
  const { tell } = useNotices();
  const made = useRef(madeUp());
  const [chosen, setChosen] = useState<Chosen>({ own: false, password: "", reset: true });
  const Password = chosen.own ? chosen.password : made.current;
  const given = { UserName: user, Password, PasswordResetRequired: chosen.reset };
  const run = () => (has ? call("iam", "UpdateLoginProfile", given) : call("iam", "CreateLoginProfile", given));
  return (
    <Staged
      title={`A password for ${user}`}
      verb="Set password"
      steps={[{ key: "password", what: "Set the password", run }]}
      disabled={!Password}
      onFinished={() => tell("success", `${user} has a new password. Sign-ins with the old one have ended.`)}
      after={
        chosen.own ? undefined : (
          <Once
            what="The password"
            values={[
              ["Sign in at", `${window.location.origin}/console/`],
              ["User name", user],
              ["Password", Password],
            ]}
          />
        )
      }
      onDone={onDone}
    >
      {() => <PasswordFields value={chosen} onChange={setChosen} />}
    </Staged>
  );
}

function DropPassword({ user, onDone }: { user: string; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const go = async () => {
    await call("iam", "DeleteLoginProfile", { UserName: user });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `${user} cannot sign in here any more.`);
  };
  return (
    <Confirm title={`Take the password from ${user}?`} verb="Take away" onConfirm={go} onDone={onDone}>
      {user} is signed out at once and cannot sign in again. Access keys and passwords for git stay.
    </Confirm>
  );
}
