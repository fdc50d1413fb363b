/** One role: what it may do, who may take it, for how long. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";

import { may } from "../../api/may";
import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { When, duration } from "../../parts/When";
import { Boundary } from "./Boundary";
import { Head } from "./Head";
import { Permissions } from "./Permissions";
import { Trust } from "./Trust";
import { useTab } from "./address";
import { decoded } from "./holders";

export function RolePage({ name }: { name: string }) {
  const found = useCall("iam", "GetRole", { RoleName: name });
  const [tab, setTab] = useTab("permissions");
  const role = found.data?.Role;
  if (found.error) return <Failure error={found.error} what="this role" again={found.refetch} />;
  if (!role) return null;
  const permissions = (
    <SpaceBetween size="l">
      <Permissions kind="role" name={name} />
      <Boundary kind="role" name={name} arn={role.PermissionsBoundary?.PermissionsBoundaryArn} />
    </SpaceBetween>
  );
  return (
    <SpaceBetween size="l">
      <Head
        kind="role"
        name={name}
        arn={role.Arn}
        created={role.CreateDate}
        description={role.Description}
        mayDelete={may("iam", "DeleteRole", { RoleName: name })}
        items={[
          { label: "Last used", value: role.RoleLastUsed?.LastUsedDate ? <When at={role.RoleLastUsed.LastUsedDate} /> : "Never" },
          { label: "A session lasts at most", value: duration(role.MaxSessionDuration ?? 3600) },
        ]}
      />
      <Tabs
        activeTabId={tab}
        onChange={(event) => setTab(event.detail.activeTabId)}
        tabs={[
          { id: "permissions", label: "Permissions", content: permissions },
          { id: "trust", label: "Who may take it", content: <Trust role={name} text={decoded(role.AssumeRolePolicyDocument)} /> },
        ]}
      />
    </SpaceBetween>
  );
}
