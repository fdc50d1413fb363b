/** One user: permissions, ways in, groups. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";

import { may } from "../../api/may";
import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { When } from "../../parts/When";
import { AccessKeys } from "./AccessKeys";
import { Boundary } from "./Boundary";
import { ByGroups } from "./ByGroups";
import { GitCredentials } from "./GitCredentials";
import { Head } from "./Head";
import { Login } from "./Login";
import { Groups } from "./Members";
import { Permissions } from "./Permissions";
import { useTab } from "./address";

export function UserPage({ name }: { name: string }) {
  const found = useCall("iam", "GetUser", { UserName: name });
  const [tab, setTab] = useTab("permissions");
  const user = found.data?.User;
  if (found.error) return <Failure error={found.error} what="this user" again={found.refetch} />;
  if (!user) return null;
  const permissions = (
    <SpaceBetween size="l">
      <Permissions kind="user" name={name} />
      <ByGroups user={name} />
      <Boundary kind="user" name={name} arn={user.PermissionsBoundary?.PermissionsBoundaryArn} />
    </SpaceBetween>
  );
  const credentials = (
    <SpaceBetween size="l">
      <Login user={user} />
      <AccessKeys user={name} />
      <GitCredentials user={name} />
    </SpaceBetween>
  );
  return (
    <SpaceBetween size="l">
      <Head
        kind="user"
        name={name}
        arn={user.Arn}
        created={user.CreateDate}
        mayDelete={may("iam", "DeleteUser", { UserName: name })}
        items={[{ label: "Last signed in", value: user.PasswordLastUsed ? <When at={user.PasswordLastUsed} /> : "Never" }]}
      />
      <Tabs
        activeTabId={tab}
        onChange={(event) => setTab(event.detail.activeTabId)}
        tabs={[
          { id: "permissions", label: "Permissions", content: permissions },
          { id: "credentials", label: "Credentials", content: credentials },
          { id: "groups", label: "Groups", content: <Groups user={name} /> },
        ]}
      />
    </SpaceBetween>
  );
}
