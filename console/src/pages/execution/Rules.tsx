/** The rules of conditions that were evaluated. */

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";

import { Failure } from "../../parts/Failure";
import { Status } from "../../parts/Status";
import { Took, When } from "../../parts/When";
import type { Known } from "./reading";
import { KINDS, type Run } from "./runs";

export function Rules({ known, onOpen }: { known: Known; onOpen: (run: string) => void }) {
  const items = known.runs.filter((run) => run.rule);
  if (known.rulesError) return <Failure error={known.rulesError} what="the rules" />;
  return (
    <Table<Run>
      variant="borderless"
      wrapLines
      items={items}
      trackBy="id"
      header={<Header counter={`(${items.length})`}>Rules</Header>}
      ariaLabels={{ tableLabel: "Rules" }}
      empty={
        <Box color="text-body-secondary" textAlign="center">
          No rule was evaluated. Conditions of a stage have rules: on its entry, its success or its failure.
        </Box>
      }
      columnDefinitions={[
        {
          id: "rule",
          header: "Rule",
          isRowHeader: true,
          cell: (run) => (
            <Link
              href={`?run=${encodeURIComponent(run.id)}`}
              onFollow={(event) => {
                event.preventDefault();
                onOpen(run.id);
              }}
            >
              {run.name}
            </Link>
          ),
        },
        { id: "stage", header: "Stage", cell: (run) => run.stage },
        { id: "condition", header: "Condition", minWidth: 120, cell: (run) => (run.condition ? KINDS[run.condition] : "–") },
        { id: "provider", header: "Provider", cell: (run) => run.provider },
        { id: "status", header: "Status", minWidth: 130, cell: (run) => <Status status={run.status} /> },
        { id: "started", header: "Started", minWidth: 110, cell: (run) => <When at={run.start} /> },
        { id: "duration", header: "Duration", cell: (run) => <Took from={run.start} to={run.end} /> },
        { id: "said", header: "Result", minWidth: 160, cell: (run) => run.error?.message ?? run.summary ?? "–" },
      ]}
    />
  );
}
