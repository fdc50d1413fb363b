/** The actions that take longest. */

import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";

import { RouterLink } from "../../parts/RouterLink";
import { duration } from "../../parts/When";
import type { Slow } from "./figures";

export function Slowest({ of, loading }: { of: Slow[]; loading: boolean }) {
  return (
    <Table
      header={
        <Header variant="h2" description="By the median of their successful runs; approvals do not count.">
          Slowest actions
        </Header>
      }
      ariaLabels={{ tableLabel: "Slowest actions" }}
      items={of}
      loading={loading && of.length === 0}
      loadingText="Reading the runs of actions"
      empty="No action has succeeded in this time."
      columnDefinitions={[
        { id: "action", header: "Action", isRowHeader: true, cell: (each) => each.action },
        { id: "stage", header: "Stage", cell: (each) => each.stage },
        { id: "pipeline", header: "Pipeline", cell: (each) => <RouterLink to={`/pipelines/${each.pipeline}`}>{each.pipeline}</RouterLink> },
        { id: "median", header: "Median", cell: (each) => duration(each.median) },
        { id: "longest", header: "Longest", cell: (each) => duration(each.longest) },
        { id: "runs", header: "Runs", cell: (each) => each.runs },
      ]}
    />
  );
}
