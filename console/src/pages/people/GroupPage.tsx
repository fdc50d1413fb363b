/** One group: who is in it, and what they may do by it. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";

import { type ApiError, call } from "../../api/client";
import { may } from "../../api/may";
import type { Group, User } from "../../api/models/iam";
import { Failure } from "../../parts/Failure";
import { Head } from "./Head";
import { Users } from "./Members";
import { Permissions } from "./Permissions";
import { useTab } from "./address";
import { everyPage } from "./holders";

export function GroupPage({ name }: { name: string }) {
  const [tab, setTab] = useTab("users");
  const found = useQuery<{ group: Group; users: User[] }, ApiError>({
    queryKey: ["iam", "group", name],
    queryFn: async () => {
      const { Group: group } = await call("iam", "GetGroup", { GroupName: name });
      return { group, users: await everyPage((m) => call("iam", "GetGroup", { GroupName: name, ...m }), (p) => p.Users) };
    },
  });
  if (found.error) return <Failure error={found.error} what="this group" again={found.refetch} />;
  if (!found.data) return null;
  const { group, users } = found.data;
  return (
    <SpaceBetween size="l">
      <Head
        kind="group"
        name={name}
        arn={group.Arn}
        created={group.CreateDate}
        mayDelete={may("iam", "DeleteGroup", { GroupName: name })}
      />
      <Tabs
        activeTabId={tab}
        onChange={(event) => setTab(event.detail.activeTabId)}
        tabs={[
          {
            id: "users",
            label: "Users",
            content: <Users group={name} names={users.map((each) => each.UserName)} loading={found.isLoading} />,
          },
          { id: "permissions", label: "Permissions", content: <Permissions kind="group" name={name} /> },
        ]}
      />
    </SpaceBetween>
  );
}
