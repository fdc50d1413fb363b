/** The source revisions that an execution ran with. */

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";

import { Address } from "../../parts/Address";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { placeOf } from "../../parts/addresses";
import type { Known } from "./reading";
import { type Source, sources } from "./revisions";

export function Revisions({ known }: { known: Known }) {
  const items = sources(known);
  return (
    <Table<Source>
      variant="borderless"
      wrapLines
      items={items}
      trackBy="id"
      header={<Header counter={`(${items.length})`}>Source revisions</Header>}
      ariaLabels={{ tableLabel: "Source revisions" }}
      empty={
        <Box color="text-body-secondary" textAlign="center">
          No source action has brought a revision{known.running ? " yet" : ""}.
        </Box>
      }
      columnDefinitions={[
        { id: "action", header: "Source action", isRowHeader: true, cell: (each) => each.action ?? each.artifact },
        { id: "provider", header: "Provider", cell: (each) => each.provider ?? "–" },
        { id: "artifact", header: "Artifact", cell: (each) => each.artifact },
        { id: "revision", header: "Revision", minWidth: 160, maxWidth: 300, cell: (each) => <Revision of={each} /> },
        { id: "summary", header: "Message", minWidth: 160, cell: (each) => each.summary ?? "–" },
        { id: "created", header: "Created", minWidth: 110, cell: (each) => <When at={each.created} /> },
      ]}
    />
  );
}

function Revision({ of }: { of: Source }) {
  if (!of.revision) return <>–</>;
  if (of.page) return <RouterLink to={of.page}>{of.revision}</RouterLink>;
  if (placeOf(of.url)) return <Address url={of.url}>{of.revision}</Address>;
  return (
    <CopyToClipboard
      variant="inline"
      textToDisplay={of.revision}
      textToCopy={of.revision}
      copyButtonAriaLabel={`Copy the revision ${of.revision}`}
      copySuccessText="Copied"
      copyErrorText="Could not be copied"
    />
  );
}
