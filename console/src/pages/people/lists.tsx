/** The lists of users, groups, roles and policies. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { may } from "../../api/may";
import type { Group, Policy, Role, User } from "../../api/models/iam";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { Listing } from "./Listing";
import { NewGroup } from "./NewGroup";
import { NewRole } from "./NewRole";
import { NewUser } from "./NewUser";
import { placeOf } from "./address";
import { useGroups, usePolicies } from "./choices";
import { decoded } from "./holders";
import { NewPolicy } from "./policy/NewPolicy";
import { statements } from "./policy/check";
import { inShort } from "./policy/documents";
import { inWords } from "./policy/summary";

const made = { id: "made", header: "Created", sortingField: "CreateDate" };

export function UserList() {
  const [adding, setAdding] = useState(false);
  const found = useListing("iam", "ListUsers", {}, (page) => [page.Users, page.IsTruncated ? page.Marker : undefined], { token: "Marker" });
  if (found.error) return <Failure error={found.error} what="the users" again={found.refetch} />;
  const create = (
    <Permitted variant="primary" asks={may("iam", "CreateUser", { UserName: "x" })} onClick={() => setAdding(true)}>
      Create user
    </Permitted>
  );
  return (
    <>
      <Listing<User>
        title="Users"
        one="user"
        items={found.data}
        loading={found.isLoading}
        trackBy="UserName"
        actions={create}
        empty={<Box>No users yet. Give everybody who works here a user of their own, so that the audit trail tells who did what.</Box>}
        columns={[
          {
            id: "name",
            header: "User name",
            isRowHeader: true,
            sortingField: "UserName",
            cell: (each) => <RouterLink to={placeOf("user", each.UserName)}>{each.UserName}</RouterLink>,
          },
          {
            id: "used",
            header: "Last signed in",
            sortingField: "PasswordLastUsed",
            cell: (each) => (each.PasswordLastUsed ? <When at={each.PasswordLastUsed} /> : "Never"),
          },
          { ...made, cell: (each) => <When at={each.CreateDate} /> },
        ]}
      />
      {adding && <NewUser onDone={() => setAdding(false)} />}
    </>
  );
}

export function GroupList() {
  const [adding, setAdding] = useState(false);
  const found = useGroups();
  if (found.error) return <Failure error={found.error} what="the groups" again={found.refetch} />;
  return (
    <>
      <Listing<Group>
        title="Groups"
        one="group"
        items={found.data}
        loading={found.isLoading}
        trackBy="GroupName"
        actions={
          <Permitted variant="primary" asks={may("iam", "CreateGroup", { GroupName: "x" })} onClick={() => setAdding(true)}>
            Create group
          </Permitted>
        }
        empty={<Box>No groups yet. A group, as “approvers”, gives the same permissions to several people.</Box>}
        columns={[
          {
            id: "name",
            header: "Group name",
            isRowHeader: true,
            sortingField: "GroupName",
            cell: (each) => <RouterLink to={placeOf("group", each.GroupName)}>{each.GroupName}</RouterLink>,
          },
          { ...made, cell: (each) => <When at={each.CreateDate} /> },
        ]}
      />
      {adding && <NewGroup onDone={() => setAdding(false)} />}
    </>
  );
}

export function RoleList() {
  const [adding, setAdding] = useState(false);
  const found = useListing("iam", "ListRoles", {}, (page) => [page.Roles, page.IsTruncated ? page.Marker : undefined], { token: "Marker" });
  if (found.error) return <Failure error={found.error} what="the roles" again={found.refetch} />;
  const asked = may("iam", "CreateRole", { RoleName: "x", AssumeRolePolicyDocument: "{}" });
  return (
    <>
      <Listing<Role>
        title="Roles"
        one="role"
        items={found.data}
        loading={found.isLoading}
        trackBy="RoleName"
        actions={
          <Permitted variant="primary" asks={asked} onClick={() => setAdding(true)}>
            Create role
          </Permitted>
        }
        empty={<Box>No roles yet. A pipeline needs one, and so does each build project.</Box>}
        columns={[
          {
            id: "name",
            header: "Role name",
            isRowHeader: true,
            sortingField: "RoleName",
            cell: (each) => <RouterLink to={placeOf("role", each.RoleName)}>{each.RoleName}</RouterLink>,
          },
          { id: "trust", header: "Who may take it", cell: (each) => statements(decoded(each.AssumeRolePolicyDocument)).map(inWords).join(" ") },
          { ...made, cell: (each) => <When at={each.CreateDate} /> },
        ]}
      />
      {adding && <NewRole onDone={() => setAdding(false)} />}
    </>
  );
}

export function PolicyList() {
  const [query, setQuery] = useSearchParams();
  const [adding, setAdding] = useState(false);
  const scope = query.get("scope") === "aws" ? "AWS" : "Local";
  const found = usePolicies(scope);
  if (found.error) return <Failure error={found.error} what="the policies" again={found.refetch} />;
  const asked = may("iam", "CreatePolicy", { PolicyName: "x", PolicyDocument: "{}" });
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label="Whose policies"
        selectedId={scope}
        onChange={(event) => setQuery({ tab: "policies", ...(event.detail.selectedId === "AWS" ? { scope: "aws" } : {}) })}
        options={[
          { id: "Local", text: "Your own" },
          { id: "AWS", text: "AWS's" },
        ]}
      />
      <Listing<Policy>
        key={scope}
        title={scope === "AWS" ? "Policies of AWS" : "Policies of your own"}
        one="policy"
        items={found.data}
        loading={found.isLoading}
        trackBy="Arn"
        actions={
          <Permitted variant="primary" asks={asked} onClick={() => setAdding(true)}>
            Create policy
          </Permitted>
        }
        empty={<Box>No policies of your own yet. AWS's do for most people; write one where they allow too much.</Box>}
        columns={[
          {
            id: "name",
            header: "Policy name",
            isRowHeader: true,
            sortingField: "PolicyName",
            cell: (each) => <RouterLink to={placeOf("policy", each.Arn ?? "")}>{each.PolicyName}</RouterLink>,
          },
          { id: "what", header: scope === "AWS" ? "In short" : "In force", cell: (each) => (scope === "AWS" ? (inShort(each.PolicyName ?? "") ?? "–") : each.DefaultVersionId) },
          { id: "used", header: "Held by", sortingField: "AttachmentCount", cell: (each) => <Badge>{each.AttachmentCount ?? 0}</Badge> },
          { id: "updated", header: "Changed", sortingField: "UpdateDate", cell: (each) => <When at={each.UpdateDate} /> },
        ]}
      />
      {adding && <NewPolicy onDone={() => setAdding(false)} />}
    </SpaceBetween>
  );
}
