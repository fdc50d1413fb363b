/** The permissions boundary of a user or role: what its policies allow counts only as far as the boundary allows it, too. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { useNotices } from "../../shell/notices";
import { placeOf, policyName } from "./address";
import { policyOptions, usePolicies } from "./choices";

interface Props {
  kind: "user" | "role";
  name: string;
  arn: string | undefined;
}

const SOME = "arn:aws:iam::aws:policy/ReadOnlyAccess";

export function Boundary({ kind, name, arn }: Props) {
  const [doing, setDoing] = useState<"set" | "drop">();
  const maySet =
    kind === "user"
      ? may("iam", "PutUserPermissionsBoundary", { UserName: name, PermissionsBoundary: SOME })
      : may("iam", "PutRolePermissionsBoundary", { RoleName: name, PermissionsBoundary: SOME });
  const mayDrop =
    kind === "user"
      ? may("iam", "DeleteUserPermissionsBoundary", { UserName: name })
      : may("iam", "DeleteRolePermissionsBoundary", { RoleName: name });
  const done = () => setDoing(undefined);
  return (
    <Container
      header={
        <Header
          description="The most that this one may ever do, whatever its policies say. It grants nothing."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {arn && (
                <Permitted asks={mayDrop} onClick={() => setDoing("drop")}>
                  Remove
                </Permitted>
              )}
              <Permitted asks={maySet} onClick={() => setDoing("set")}>
                {arn ? "Change" : "Set a boundary"}
              </Permitted>
            </SpaceBetween>
          }
        >
          Permissions boundary
        </Header>
      }
    >
      {arn ? <RouterLink to={placeOf("policy", arn)}>{policyName(arn)}</RouterLink> : <Box>None.</Box>}
      {doing === "set" && <SetBoundary kind={kind} name={name} onDone={done} />}
      {doing === "drop" && <DropBoundary kind={kind} name={name} onDone={done} />}
    </Container>
  );
}

/** A field for a boundary. */
export function ChooseBoundary({ chosen, onChange }: { chosen: SelectProps.Option | null; onChange: (one: SelectProps.Option) => void }) {
  const found = usePolicies();
  return (
    <FormField label="Boundary" errorText={found.error?.message}>
      <Select
        selectedOption={chosen}
        options={policyOptions(found.data ?? [])}
        onChange={(event) => onChange(event.detail.selectedOption)}
        filteringType="auto"
        placeholder="Choose a policy"
        statusType={found.isLoading ? "loading" : "finished"}
      />
    </FormField>
  );
}

function SetBoundary({ kind, name, onDone }: Omit<Props, "arn"> & { onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const [chosen, setChosen] = useState<SelectProps.Option | null>(null);
  const go = async () => {
    const PermissionsBoundary = chosen?.value ?? "";
    if (kind === "user") await call("iam", "PutUserPermissionsBoundary", { UserName: name, PermissionsBoundary });
    else await call("iam", "PutRolePermissionsBoundary", { RoleName: name, PermissionsBoundary });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `${name} is kept within ${chosen?.label}.`);
  };
  return (
    <Confirm title={`Set a boundary for ${name}`} verb="Set boundary" disabled={!chosen} onConfirm={go} onDone={onDone}>
      <ChooseBoundary chosen={chosen} onChange={setChosen} />
    </Confirm>
  );
}

function DropBoundary({ kind, name, onDone }: Omit<Props, "arn"> & { onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const go = async () => {
    if (kind === "user") await call("iam", "DeleteUserPermissionsBoundary", { UserName: name });
    else await call("iam", "DeleteRolePermissionsBoundary", { RoleName: name });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `${name} has no boundary any more.`);
  };
  return (
    <Confirm title="Remove the boundary?" verb="Remove" onConfirm={go} onDone={onDone}>
      From then on everything counts that the policies of {name} allow.
    </Confirm>
  );
}
