/** Who one is here, one's own password and keys, how clients are set up, and what the account's rules and limits are. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect } from "react";
import { useLocation } from "react-router";

import { usePerson } from "../api/session";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { AccessKeys } from "./people/AccessKeys";
import { GitCredentials } from "./people/GitCredentials";
import { Appearance } from "./settings/Appearance";
import { Clients } from "./settings/Clients";
import { Password } from "./settings/Password";
import { PasswordRules } from "./settings/PasswordRules";
import { Quotas } from "./settings/Quotas";
import { WhoAmI } from "./settings/WhoAmI";

export default function Settings() {
  useTitle("Settings");
  const person = usePerson();
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  const oneself = !person.role;
  return (
    <Shell crumbs={[{ text: "Settings", href: "/settings" }]}>
      <SpaceBetween size="l">
        <Header variant="h1">Settings</Header>
        <WhoAmI />
        <Appearance />
        <section id="password" aria-label="Password">
          {person.password && oneself ? (
            <Password />
          ) : (
            <Container header={<Header>Password</Header>}>
              {person.role
                ? "You are in a role. Go back to yourself to change your password."
                : "The administrator has none: this console is entered with a link that stageline console prints."}
            </Container>
          )}
        </section>
        <section id="keys" aria-label="Access keys">
          {oneself ? <AccessKeys user={person.kind === "user" ? person.name : undefined} /> : null}
        </section>
        {oneself && person.kind === "user" && <GitCredentials user={person.name ?? ""} />}
        <Clients />
        <PasswordRules />
        <Quotas />
      </SpaceBetween>
    </Shell>
  );
}
