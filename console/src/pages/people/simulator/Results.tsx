/** What came out of a simulation: for each action and resource the decision, and the statement behind it. */

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";

import type { EvaluationResult, PolicyEvaluationDecisionType as Decision, Statement } from "../../../api/models/iam";
import { Source } from "./Source";
import { cut } from "./cutting";

interface Row {
  action: string;
  resource: string;
  decision: Decision;
  statements: Statement[];
  missing: string[];
  within?: boolean;
}

/** One row for each action on each resource. */
export function rows(results: EvaluationResult[]): Row[] {
  return results.flatMap((each): Row[] => {
    const of = each.ResourceSpecificResults ?? [];
    if (of.length > 0) {
      return of.map((one) => ({
        action: each.EvalActionName,
        resource: one.EvalResourceName,
        decision: one.EvalResourceDecision,
        statements: one.MatchedStatements ?? [],
        missing: one.MissingContextValues ?? [],
        within: one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
      }));
    }
    return [
      {
        action: each.EvalActionName,
        resource: each.EvalResourceName ?? "*",
        decision: each.EvalDecision,
        statements: each.MatchedStatements ?? [],
        missing: each.MissingContextValues ?? [],
        within: each.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
      },
    ];
  });
}

export function Results({ results, policy }: { results: EvaluationResult[]; policy?: string }) {
  const items = rows(results);
  const allowed = items.filter((each) => each.decision === "allowed").length;
  return (
    <Table<Row>
      wrapLines
      header={<Header counter={`(${allowed} of ${items.length} allowed)`}>Decisions</Header>}
      items={items}
      columnDefinitions={[
        { id: "action", header: "Action", isRowHeader: true, cell: (each) => each.action },
        { id: "resource", header: "Resource", minWidth: 240, cell: (each) => <span className="cell-text">{each.resource}</span> },
        { id: "decision", header: "Decision", minWidth: 150, cell: (each) => <Decided row={each} /> },
        { id: "why", header: "Why", minWidth: 260, cell: (each) => <Why row={each} policy={policy} /> },
      ]}
    />
  );
}

function Decided({ row }: { row: Row }) {
  if (row.decision === "allowed") return <StatusIndicator type="success">Allowed</StatusIndicator>;
  return <StatusIndicator type="error">{row.decision === "explicitDeny" ? "Denied by a statement" : "Not allowed"}</StatusIndicator>;
}

function Why({ row, policy }: { row: Row; policy?: string }) {
  return (
    <SpaceBetween size="xxs">
      {row.statements.length === 0 && <Box>No statement allows it.</Box>}
      {row.statements.map((each, index) => (
        <Source key={index} statement={each} text={policy && cut(policy, each)} />
      ))}
      {row.within === false && <Box>The permissions boundary does not allow it.</Box>}
      {row.missing.length > 0 && <Box>Conditions ask for {row.missing.join(", ")}, which is not given.</Box>}
    </SpaceBetween>
  );
}
