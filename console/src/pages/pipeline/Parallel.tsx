/** What stands in place of the stages in the mode PARALLEL: each execution has a state of its own. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useNavigate } from "react-router";

import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { RouterLink } from "../../parts/RouterLink";
import { Status } from "../../parts/Status";
import { When } from "../../parts/When";
import { executionPage, pipelinePage } from "../../parts/addresses";
import { shortId } from "../../parts/short";
import { Revisions } from "./Revisions";
import type { Executions } from "./data";

export function Parallel({ pipeline, executions }: { pipeline: string; executions: Executions }) {
  const navigate = useNavigate();
  const recent = [...executions.values()].slice(0, 10);
  return (
    <>
      <Alert
        type="info"
        header="This pipeline runs in parallel mode"
        action={<Button onClick={() => navigate(`${pipelinePage(pipeline)}/executions`)}>View history</Button>}
      >
        Executions do not wait for each other, so no stage has one state to show. Open an execution to see where it stands; approvals
        that wait are answered there, or under Approvals.
      </Alert>
      <Table<PipelineExecutionSummary>
        variant="container"
        header={<Header variant="h2">Recent executions</Header>}
        items={recent}
        ariaLabels={{ tableLabel: "Recent executions" }}
        empty={<Box textAlign="center">Nothing has run yet: release a change.</Box>}
        columnDefinitions={[
          {
            id: "execution",
            header: "Execution",
            cell: (each) => (
              <RouterLink to={executionPage(pipeline, each.pipelineExecutionId ?? "")}>{shortId(each.pipelineExecutionId)}</RouterLink>
            ),
          },
          { id: "status", header: "Status", cell: (each) => <Status status={each.status} detail={each.statusSummary} /> },
          { id: "revisions", header: "Revisions", cell: (each) => <Revisions of={each.sourceRevisions} /> },
          { id: "started", header: "Started", cell: (each) => <When at={each.startTime} /> },
        ]}
      />
    </>
  );
}
