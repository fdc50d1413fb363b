/** Secrets, those that wait for their deletion among them. */

import Box from "@cloudscape-design/components/box";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";

import { may } from "../../api/may";
import type { SecretListEntry } from "../../api/models/secretsmanager";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { Listing } from "../people/Listing";
import { NewSecret } from "./NewSecret";
import { placeOf } from "./address";

export function SecretList() {
  const [adding, setAdding] = useState(false);
  const given = { IncludePlannedDeletion: true };
  const found = useListing("secretsmanager", "ListSecrets", given, (page) => [page.SecretList, page.NextToken], { token: "NextToken" });
  if (found.error) return <Failure error={found.error} what="the secrets" again={found.refetch} />;
  return (
    <>
      <Listing<SecretListEntry>
        title="Secrets"
        one="secret"
        items={found.data}
        loading={found.isLoading}
        trackBy="ARN"
        actions={
          <Permitted variant="primary" asks={may("secretsmanager", "CreateSecret", { Name: "x" })} onClick={() => setAdding(true)}>
            Create secret
          </Permitted>
        }
        empty={<Box>No secrets yet. Builds read them by name, with the type SECRETS_MANAGER of an environment variable.</Box>}
        columns={[
          {
            id: "name",
            header: "Name",
            isRowHeader: true,
            sortingField: "Name",
            cell: (each) => <RouterLink to={placeOf("secret", each.Name ?? "")}>{each.Name}</RouterLink>,
          },
          { id: "what", header: "Description", cell: (each) => <span className="cell-text">{each.Description || "–"}</span> },
          { id: "state", header: "State", cell: (each) => <State deleted={each.DeletedDate} /> },
          { id: "changed", header: "Changed", sortingField: "LastChangedDate", cell: (each) => <When at={each.LastChangedDate} /> },
          { id: "read", header: "Last read", cell: (each) => (each.LastAccessedDate ? <When at={each.LastAccessedDate} /> : "Never") },
        ]}
      />
      {adding && <NewSecret onDone={() => setAdding(false)} />}
    </>
  );
}

export function State({ deleted }: { deleted: number | undefined }) {
  if (deleted === undefined) return <StatusIndicator type="success">In use</StatusIndicator>;
  return (
    <StatusIndicator type="warning">
      To be deleted <When at={deleted} />
    </StatusIndicator>
  );
}
