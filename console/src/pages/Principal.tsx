/** One user, group, role or policy. */

import type { ReactNode } from "react";
import { useParams } from "react-router";

import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { NotFound } from "./NotFound";
import { GroupPage } from "./people/GroupPage";
import { RolePage } from "./people/RolePage";
import { UserPage } from "./people/UserPage";
import { placeOf, policyName } from "./people/address";
import { PolicyPage } from "./people/policy/PolicyPage";

const KINDS: Record<string, [list: string, page: (name: string) => ReactNode]> = {
  user: ["Users", (name) => <UserPage key={name} name={name} />],
  group: ["Groups", (name) => <GroupPage key={name} name={name} />],
  role: ["Roles", (name) => <RolePage key={name} name={name} />],
  policy: ["Policies", (name) => <PolicyPage key={name} arn={name} />],
};

export default function Principal() {
  const { kind = "", name = "" } = useParams();
  const shown = kind === "policy" ? policyName(name) : name;
  useTitle(shown);
  const known = KINDS[kind];
  if (!known) return <NotFound />;
  const [list, page] = known;
  return (
    <Shell
      crumbs={[
        { text: "People and policies", href: "/people" },
        { text: list, href: `/people?tab=${list.toLowerCase()}` },
        { text: shown, href: placeOf(kind as "user", name) },
      ]}
    >
      {page(name)}
    </Shell>
  );
}
