/** How much there is in the account, and how much there may be. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";

import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";

const COUNTED: [label: string, name: string][] = [
  ["Users", "Users"],
  ["Groups", "Groups"],
  ["Roles", "Roles"],
  ["Policies of your own", "Policies"],
  ["Versions of policies", "PolicyVersionsInUse"],
  ["Instance profiles", "InstanceProfiles"],
];
const LIMITS: [label: string, name: string][] = [
  ["Access keys of a user", "AccessKeysPerUserQuota"],
  ["Groups of a user", "GroupsPerUserQuota"],
  ["Policies attached to a user", "AttachedPoliciesPerUserQuota"],
  ["Versions of a policy", "VersionsPerPolicyQuota"],
  ["Characters of a policy", "PolicySizeQuota"],
  ["Characters of a trust policy", "AssumeRolePolicySizeQuota"],
];

export function Quotas() {
  const found = useCall("iam", "GetAccountSummary", {});
  const map = found.data?.SummaryMap ?? {};
  const shown = (name: string) => (map[name] === undefined ? "–" : map[name].toLocaleString("en"));
  return (
    <section id="account" aria-label="Account">
      <Container header={<Header>Account</Header>}>
        <Failure error={found.error} what="the account's summary" again={found.refetch} />
        {found.data && (
          <KeyValuePairs
            columns={3}
            items={[
              ...COUNTED.map(([label, name]) => ({ label, value: `${shown(name)} of ${shown(`${name}Quota`)}` })),
              ...LIMITS.map(([label, name]) => ({ label, value: `At most ${shown(name)}` })),
            ]}
          />
        )}
      </Container>
    </section>
  );
}
