/** Parameters of Systems Manager. */

import Box from "@cloudscape-design/components/box";
import { useState } from "react";

import { may } from "../../api/may";
import type { ParameterMetadata } from "../../api/models/ssm";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { Listing } from "../people/Listing";
import { PutParameter } from "./PutParameter";
import { placeOf } from "./address";

export function ParameterList() {
  const [adding, setAdding] = useState(false);
  const found = useListing("ssm", "DescribeParameters", {}, (page) => [page.Parameters, page.NextToken], { token: "NextToken" });
  if (found.error) return <Failure error={found.error} what="the parameters" again={found.refetch} />;
  return (
    <>
      <Listing<ParameterMetadata>
        title="Parameters"
        one="parameter"
        items={found.data}
        loading={found.isLoading}
        trackBy="Name"
        actions={
          <Permitted variant="primary" asks={may("ssm", "PutParameter", { Name: "x", Value: "x" })} onClick={() => setAdding(true)}>
            Create parameter
          </Permitted>
        }
        empty={<Box>No parameters yet. Builds read them by name, with the type PARAMETER_STORE of an environment variable.</Box>}
        columns={[
          {
            id: "name",
            header: "Name",
            isRowHeader: true,
            sortingField: "Name",
            cell: (each) => <RouterLink to={placeOf("parameter", each.Name ?? "")}>{each.Name}</RouterLink>,
          },
          { id: "type", header: "Type", sortingField: "Type", cell: (each) => each.Type },
          { id: "what", header: "Description", cell: (each) => <span className="cell-text">{each.Description || "–"}</span> },
          { id: "version", header: "Version", cell: (each) => each.Version },
          { id: "changed", header: "Changed", sortingField: "LastModifiedDate", cell: (each) => <When at={each.LastModifiedDate} /> },
        ]}
      />
      {adding && <PutParameter onDone={() => setAdding(false)} />}
    </>
  );
}
