/** The account's password policy: shown, set, and taken back to the default. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import type { PasswordPolicy } from "../../api/models/iam";
import { useCall } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { useNotices } from "../../shell/notices";
import { RulesForm } from "./RulesForm";

/** A policy in sentences. */
export function sentences(policy: PasswordPolicy | undefined): string[] {
  if (!policy) return ["At least 8 characters, with three of: uppercase and lowercase letters, digits, symbols.", "Passwords do not expire."];
  const kinds = [
    policy.RequireUppercaseCharacters && "an uppercase letter",
    policy.RequireLowercaseCharacters && "a lowercase letter",
    policy.RequireNumbers && "a digit",
    policy.RequireSymbols && "a symbol",
  ].filter(Boolean);
  const found = [`At least ${policy.MinimumPasswordLength} characters${kinds.length ? `, with ${kinds.join(", ")}` : ""}.`];
  const after = policy.HardExpiry ? "an administrator sets another one then" : "a new one is chosen at the next sign-in";
  found.push(policy.MaxPasswordAge ? `Passwords expire after ${policy.MaxPasswordAge} days; ${after}.` : "Passwords do not expire.");
  if (policy.PasswordReusePrevention) found.push(`None of the last ${policy.PasswordReusePrevention} passwords may be used again.`);
  found.push(
    policy.AllowUsersToChangePassword
      ? "Everybody may change the own password."
      : "Only those whose policies allow it may change the own password.",
  );
  return found;
}

export function PasswordRules() {
  const found = useCall("iam", "GetAccountPasswordPolicy", {});
  const [doing, setDoing] = useState<"edit" | "reset">();
  const none = found.error?.code === "NoSuchEntity";
  const policy = none ? undefined : found.data?.PasswordPolicy;
  const ready = none || Boolean(policy);
  return (
    <section id="password-policy" aria-label="Password policy">
      <Container
        header={
          <Header
            description={none ? "AWS's default rules, since none were set." : undefined}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {policy && (
                  <Permitted asks={may("iam", "DeleteAccountPasswordPolicy", {})} onClick={() => setDoing("reset")}>
                    Back to the default
                  </Permitted>
                )}
                <Permitted asks={may("iam", "UpdateAccountPasswordPolicy", {})} disabled={!ready} onClick={() => setDoing("edit")}>
                  Edit
                </Permitted>
              </SpaceBetween>
            }
          >
            Password policy
          </Header>
        }
      >
        {!none && <Failure error={found.error} what="the password policy" again={found.refetch} />}
        {ready && (
          <ul className="plain-list">
            {sentences(policy).map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        )}
        {doing === "edit" && <RulesForm policy={policy} onDone={() => setDoing(undefined)} />}
        {doing === "reset" && <Reset onDone={() => setDoing(undefined)} />}
      </Container>
    </section>
  );
}

function Reset({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const go = async () => {
    await call("iam", "DeleteAccountPasswordPolicy", {});
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", "The default password policy counts.");
  };
  return (
    <Confirm title="Go back to the default password policy?" verb="Go back" onConfirm={go} onDone={onDone}>
      Passwords that are set already stay good.
    </Confirm>
  );
}
