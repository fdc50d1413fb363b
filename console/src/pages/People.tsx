/** Users, groups, roles, policies, and what they would allow. */

import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useSearchParams } from "react-router";

import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { GroupList, PolicyList, RoleList, UserList } from "./people/lists";
import { Simulator } from "./people/simulator/Simulator";

export default function People() {
  useTitle("People and policies");
  const [query, setQuery] = useSearchParams();
  return (
    <Shell crumbs={[{ text: "People and policies", href: "/people" }]}>
      <SpaceBetween size="l">
        <Header variant="h1" description="Who may do what. What no policy allows is denied.">
          People and policies
        </Header>
        <Tabs
          activeTabId={query.get("tab") ?? "users"}
          onChange={(event) => setQuery({ tab: event.detail.activeTabId })}
          tabs={[
            { id: "users", label: "Users", content: <UserList /> },
            { id: "groups", label: "Groups", content: <GroupList /> },
            { id: "roles", label: "Roles", content: <RoleList /> },
            { id: "policies", label: "Policies", content: <PolicyList /> },
            { id: "simulator", label: "Simulator", content: <Simulator /> },
          ]}
        />
      </SpaceBetween>
    </Shell>
  );
}
