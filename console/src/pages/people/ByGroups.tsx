/** What a user may do because of groups: links to where those policies are kept. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useQuery } from "@tanstack/react-query";

import { type ApiError, call } from "../../api/client";
import { RouterLink } from "../../parts/RouterLink";
import { placeOf } from "./address";
import { HOLDERS, everyPage } from "./holders";
import "./people.css";

export function ByGroups({ user }: { user: string }) {
  const found = useQuery<{ group: string; policies: string[] }[], ApiError>({
    queryKey: ["iam", "by groups", user],
    queryFn: async () => {
      const groups = await everyPage((m) => call("iam", "ListGroupsForUser", { UserName: user, ...m }), (p) => p.Groups);
      return Promise.all(
        groups.map(async ({ GroupName: group }) => {
          const [attached, inline] = await Promise.all([HOLDERS.group.attached(group), HOLDERS.group.inline(group)]);
          return { group, policies: [...attached.map((each) => each.PolicyName ?? ""), ...inline] };
        }),
      );
    },
  });
  // Whoever may not see it sees the groups, or why not, under Groups.
  if (!found.data || found.data.length === 0) return null;
  return (
    <Container header={<Header description="Counts as if it were the user's own.">By groups</Header>}>
      <ul className="plain-list">
        {found.data.map(({ group, policies }) => (
          <li key={group}>
            <RouterLink to={`${placeOf("group", group)}?tab=permissions`}>{group}</RouterLink>: {policies.join(", ") || "no policies"}
          </li>
        ))}
      </ul>
    </Container>
  );
}
