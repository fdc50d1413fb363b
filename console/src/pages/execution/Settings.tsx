/** The configuration of a run, as declared and as resolved. */

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";

import type { Run } from "./runs";

export function Settings({ run, title = "Configuration" }: { run: Run; title?: string }) {
  const names = [...new Set([...Object.keys(run.configuration), ...Object.keys(run.resolved)])];
  if (names.length === 0) return <Box color="text-body-secondary">{run.name} has no configuration.</Box>;
  return (
    <Table<string>
      variant="embedded"
      wrapLines
      header={title ? <Header variant="h3">{title}</Header> : undefined}
      items={names}
      trackBy={(name) => name}
      ariaLabels={{ tableLabel: `Configuration of ${run.name}` }}
      columnDefinitions={[
        { id: "name", header: "Name", isRowHeader: true, width: 200, cell: (name) => name },
        { id: "declared", header: "As declared", cell: (name) => <Box variant="samp">{run.configuration[name] ?? "–"}</Box> },
        {
          id: "resolved",
          header: "Resolved",
          cell: (name) =>
            run.resolved[name] === run.configuration[name] ? (
              <Box color="text-body-secondary">the same</Box>
            ) : (
              <Box variant="samp">{run.resolved[name] ?? "not resolved"}</Box>
            ),
        },
      ]}
    />
  );
}
