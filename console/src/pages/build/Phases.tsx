/** The phases of a build, each with a bar as long as it took. */

import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";

import type { BuildPhase } from "../../api/models/codebuild";
import { Status } from "../../parts/Status";
import { Took, When, useNow } from "../../parts/When";
import "./phases.css";

export function Phases({ phases }: { phases: BuildPhase[] }) {
  const now = useNow();
  const begin = phases[0]?.startTime ?? now;
  const whole = Math.max(0.001, (phases.at(-1)?.endTime ?? phases.at(-1)?.startTime ?? now) - begin);
  return (
    <Table
      variant="embedded"
      items={phases}
      empty={<Box textAlign="center">It has not begun.</Box>}
      columnDefinitions={[
        { id: "name", header: "Phase", isRowHeader: true, cell: (each) => each.phaseType },
        {
          id: "status",
          header: "Status",
          cell: (each) => (each.phaseType === "COMPLETED" ? "–" : <Status status={each.phaseStatus ?? "IN_PROGRESS"} />),
        },
        {
          id: "duration",
          header: "Duration",
          cell: (each) => (each.phaseType === "COMPLETED" ? "–" : <Took from={each.startTime} to={each.endTime} />),
        },
        {
          id: "bar",
          header: "Where the time went",
          cell: (each) => {
            const from = ((each.startTime ?? begin) - begin) / whole;
            const part = ((each.endTime ?? each.startTime ?? begin) - (each.startTime ?? begin)) / whole;
            const left = Math.min(99, from * 100);
            return (
              <div className="phase-track" aria-hidden="true">
                <div className="phase-bar" style={{ marginLeft: `${left}%`, width: `${Math.max(1, Math.min(100 - left, part * 100))}%` }} />
              </div>
            );
          },
        },
        { id: "started", header: "Started", cell: (each) => <When at={each.startTime} /> },
        {
          id: "why",
          header: "What it said",
          cell: (each) => (
            <SpaceBetween size="xxs">
              {(each.contexts ?? [])
                .filter((context) => context.message)
                .map((context, at) => (
                  <span key={at}>
                    {context.statusCode ? `${context.statusCode}: ` : ""}
                    {context.message}
                  </span>
                ))}
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
