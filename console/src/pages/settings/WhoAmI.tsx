/** Who is signed in, as STS says it, and where. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";

import { useCall } from "../../api/queries";
import { usePerson } from "../../api/session";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { Copied } from "../people/Once";
import { placeOf } from "../people/address";

export function WhoAmI() {
  const person = usePerson();
  const found = useCall("sts", "GetCallerIdentity", {});
  const arn = found.data?.Arn ?? person.arn ?? "";
  const kind = person.kind === "root" ? "The account's root" : person.kind === "role" ? "A role, for a while" : "A user";
  return (
    <Container header={<Header>You</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: "Name",
            value: person.kind === "user" ? <RouterLink to={placeOf("user", person.name ?? "")}>{person.name}</RouterLink> : person.name,
          },
          { label: "Kind", value: person.role ? `${kind}; signed in as ${person.person}` : kind },
          { label: "ARN", value: <Copied label="ARN" value={arn} /> },
          { label: "Account", value: <Copied label="Account" value={person.account} /> },
          { label: "Region", value: person.region },
          { label: "Signed in until", value: <When at={person.expires && person.expires / 1000} /> },
        ]}
      />
    </Container>
  );
}
