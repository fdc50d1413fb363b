/** Passwords of a user for git over HTTP (service-specific credentials). */

import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import type { ServiceSpecificCredential, ServiceSpecificCredentialMetadata as Metadata } from "../../api/models/iam";
import { useCall } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { useNotices } from "../../shell/notices";
import { Listing } from "./Listing";
import { Once } from "./Once";
import { Staged } from "./Staged";

const SERVICE = "codecommit.amazonaws.com";
const MOST = 2;

type Doing = { what: "new" } | { what: "reset" | "delete"; one: Metadata };

export function GitCredentials({ user }: { user: string }) {
  const found = useCall("iam", "ListServiceSpecificCredentials", { UserName: user, ServiceName: SERVICE });
  const [doing, setDoing] = useState<Doing>();
  const held = found.data?.ServiceSpecificCredentials;
  const done = () => setDoing(undefined);
  if (found.error) return <Failure error={found.error} what="the passwords for git" again={found.refetch} />;
  return (
    <>
      <Listing<Metadata>
        title="Passwords for git"
        one="password"
        finding={false}
        items={held}
        loading={found.isLoading}
        description="To push to and to fetch from this server's repositories."
        actions={
          <Permitted
            asks={may("iam", "CreateServiceSpecificCredential", { UserName: user, ServiceName: SERVICE })}
            disabled={(held?.length ?? 0) >= MOST}
            disabledReason={`There are ${MOST} already, which is the most: delete one first.`}
            onClick={() => setDoing({ what: "new" })}
          >
            Create password
          </Permitted>
        }
        empty={<Box>No password for git yet.</Box>}
        columns={[
          { id: "name", header: "User name for git", isRowHeader: true, cell: (each) => <Box variant="code">{each.ServiceUserName}</Box> },
          {
            id: "status",
            header: "Status",
            cell: (each) => <StatusIndicator type={each.Status === "Active" ? "success" : "stopped"}>{each.Status}</StatusIndicator>,
          },
          { id: "made", header: "Created", cell: (each) => <When at={each.CreateDate} /> },
          { id: "actions", header: "Actions", cell: (each) => <Actions user={user} one={each} onDo={setDoing} /> },
        ]}
      />
      {doing?.what === "new" && <Shown user={user} onDone={done} />}
      {doing?.what === "reset" && <Shown user={user} one={doing.one} onDone={done} />}
      {doing?.what === "delete" && <Drop user={user} one={doing.one} onDone={done} />}
    </>
  );
}

function Actions({ user, one, onDo }: { user: string; one: Metadata; onDo: (doing: Doing) => void }) {
  const client = useQueryClient();
  const { failed } = useNotices();
  const given = { UserName: user, ServiceSpecificCredentialId: one.ServiceSpecificCredentialId };
  const next = one.Status === "Active" ? "Inactive" : "Active";
  const verb = one.Status === "Active" ? "Deactivate" : "Activate";
  const turn = async () => {
    await call("iam", "UpdateServiceSpecificCredential", { ...given, Status: next }).catch((error) => failed(error, "Could not change it"));
    await client.invalidateQueries({ queryKey: ["iam"] });
  };
  const name = one.ServiceUserName;
  return (
    <SpaceBetween direction="horizontal" size="s">
      <Permitted
        variant="inline-link"
        ariaLabel={`${verb} ${name}`}
        asks={may("iam", "UpdateServiceSpecificCredential", { ...given, Status: next })}
        onClick={turn}
      >
        {verb}
      </Permitted>
      <Permitted
        variant="inline-link"
        ariaLabel={`New password for ${name}`}
        asks={may("iam", "ResetServiceSpecificCredential", given)}
        onClick={() => onDo({ what: "reset", one })}
      >
        New password
      </Permitted>
      <Permitted
        variant="inline-link"
        ariaLabel={`Delete ${name}`}
        asks={may("iam", "DeleteServiceSpecificCredential", given)}
        onClick={() => onDo({ what: "delete", one })}
      >
        Delete
      </Permitted>
    </SpaceBetween>
  );
}

function Shown({ user, one, onDone }: { user: string; one?: Metadata; onDone: () => void }) {
  const [made, setMade] = useState<ServiceSpecificCredential>();
  const go = async () => {
    const answer = one
      ? await call("iam", "ResetServiceSpecificCredential", {
          UserName: user,
          ServiceSpecificCredentialId: one.ServiceSpecificCredentialId,
        })
      : await call("iam", "CreateServiceSpecificCredential", { UserName: user, ServiceName: SERVICE });
    setMade(answer.ServiceSpecificCredential);
  };
  return (
    <Staged
      title={one ? `A new password for ${one.ServiceUserName}` : "Create a password for git"}
      verb={one ? "Replace password" : "Create password"}
      steps={[{ key: "password", what: "Make the password", run: go }]}
      after={
        <Once
          what="The password"
          values={[
            ["User name for git", made?.ServiceUserName ?? ""],
            ["Password", made?.ServicePassword ?? ""],
          ]}
        />
      }
      onDone={onDone}
    >
      {() => <>{one ? "The old password is refused at once." : "git asks for it at the first push; a credential helper can keep it."}</>}
    </Staged>
  );
}

function Drop({ user, one, onDone }: { user: string; one: Metadata; onDone: () => void }) {
  const client = useQueryClient();
  const go = async () => {
    await call("iam", "DeleteServiceSpecificCredential", {
      UserName: user,
      ServiceSpecificCredentialId: one.ServiceSpecificCredentialId,
    });
    await client.invalidateQueries({ queryKey: ["iam"] });
  };
  return (
    <Confirm title={`Delete ${one.ServiceUserName}?`} verb="Delete" onConfirm={go} onDone={onDone}>
      git is refused with this password at once.
    </Confirm>
  );
}
