/** Records of the audit trail as a table; each opens to what CloudTrail would tell of it. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { When } from "../../parts/When";
import { Detail } from "./Detail";
import { Outcome } from "./Outcome";
import { type Entry, type Wanted, short } from "./reading";

interface Props {
  entries: Entry[];
  loading: boolean;
  looking: boolean;
  wanted: Wanted;
  onChange: (some: Partial<Wanted>) => void;
}

export function Records({ entries, loading, looking, wanted, onChange }: Props) {
  const [open, setOpen] = useState<Entry>();
  const shown = open ?? (wanted.id ? entries.find((each) => each.id === wanted.id) : undefined);
  const close = () => {
    setOpen(undefined);
    if (wanted.id) onChange({ id: "" });
  };
  return (
    <>
      <Table<Entry>
        header={<Header counter={`(${entries.length})`}>Records</Header>}
        items={entries}
        trackBy="id"
        loading={loading || (looking && entries.length === 0)}
        loadingText="Looking through the records"
        wrapLines
        empty={<Box padding="m">Nothing like that was done. Look at both kinds, or at a longer time.</Box>}
        columnDefinitions={[
          {
            id: "event",
            header: "Event",
            minWidth: 180,
            isRowHeader: true,
            cell: (each) => (
              <Button variant="inline-link" ariaLabel={`${each.name} by ${each.who}: details`} onClick={() => setOpen(each)}>
                {each.name}
              </Button>
            ),
          },
          { id: "when", header: "When", minWidth: 150, cell: (each) => <When at={each.at} /> },
          {
            id: "who",
            header: "Who",
            minWidth: 110,
            cell: (each) =>
              each.who === "–" ? (
                each.who
              ) : (
                <Button variant="inline-link" ariaLabel={`Only ${each.who}`} onClick={() => onChange({ user: each.who })}>
                  {each.who}
                </Button>
              ),
          },
          { id: "service", header: "Service", cell: (each) => each.source.replace(".amazonaws.com", "") },
          { id: "on", header: "On", cell: (each) => <span className="cell-text">{each.resources.map(short).join(", ") || "–"}</span> },
          { id: "outcome", header: "Outcome", minWidth: 220, cell: (each) => <Outcome one={each} /> },
          { id: "from", header: "From", cell: (each) => each.address },
        ]}
      />
      {shown && <Detail one={shown} onChange={onChange} onDone={close} />}
    </>
  );
}
