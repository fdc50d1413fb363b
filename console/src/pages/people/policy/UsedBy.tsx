/** Who holds a managed policy, or has it as the permissions boundary. */

import Box from "@cloudscape-design/components/box";
import { useQuery } from "@tanstack/react-query";

import { type ApiError, call } from "../../../api/client";
import { Failure } from "../../../parts/Failure";
import { RouterLink } from "../../../parts/RouterLink";
import { Listing } from "../Listing";
import { type HolderKind, placeOf } from "../address";
import { HOLDERS } from "../holders";

export interface Use {
  kind: HolderKind;
  name: string;
  usage: "attached" | "boundary";
  detach: () => Promise<unknown>;
}

/** Everybody who uses a policy, as permissions or as boundary. */
export function useUsers(arn: string) {
  return useQuery<Use[], ApiError>({
    queryKey: ["iam", "uses", arn],
    queryFn: async () => {
      const [attached, boundary] = await Promise.all([ask(arn, "PermissionsPolicy"), ask(arn, "PermissionsBoundary")]);
      return [...named(arn, attached, "attached"), ...named(arn, boundary, "boundary")];
    },
  });
}

async function ask(PolicyArn: string, PolicyUsageFilter: "PermissionsPolicy" | "PermissionsBoundary") {
  const found: [HolderKind, string][] = [];
  let Marker: string | undefined;
  do {
    const page = await call("iam", "ListEntitiesForPolicy", { PolicyArn, PolicyUsageFilter, ...(Marker ? { Marker } : {}) });
    for (const each of page.PolicyUsers ?? []) found.push(["user", each.UserName ?? ""]);
    for (const each of page.PolicyGroups ?? []) found.push(["group", each.GroupName ?? ""]);
    for (const each of page.PolicyRoles ?? []) found.push(["role", each.RoleName ?? ""]);
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return found;
}

function named(arn: string, found: [HolderKind, string][], usage: Use["usage"]): Use[] {
  return found.map(([kind, name]) => ({ kind, name, usage, detach: () => HOLDERS[kind].detach(name, arn) }));
}

export function UsedBy({ arn }: { arn: string }) {
  const found = useUsers(arn);
  if (found.error) return <Failure error={found.error} what="who holds this policy" again={found.refetch} />;
  return (
    <Listing<Use>
      title="Who holds it"
      one="holder"
      items={found.data}
      loading={found.isLoading}
      empty={<Box>Nobody holds this policy. Attach it on the page of a user, a group or a role.</Box>}
      columns={[
        {
          id: "name",
          header: "Name",
          isRowHeader: true,
          sortingField: "name",
          cell: (each) => <RouterLink to={placeOf(each.kind, each.name)}>{each.name}</RouterLink>,
        },
        { id: "kind", header: "Kind", sortingField: "kind", cell: (each) => each.kind },
        { id: "usage", header: "As", cell: (each) => (each.usage === "attached" ? "Permissions" : "Permissions boundary") },
      ]}
    />
  );
}
