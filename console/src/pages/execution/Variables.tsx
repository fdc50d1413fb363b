/** Pipeline variables as resolved, what actions gave out by namespace, and the configuration that they made of it. */

import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { Settings } from "./Settings";
import { Values } from "./Values";
import type { Known } from "./reading";
import type { Run } from "./runs";

export function Variables({ known }: { known: Known }) {
  const own: [string, string][] = (known.execution.variables ?? []).map((each) => [each.name ?? "", each.resolvedValue ?? ""]);
  const giving = lastOf(known.runs.filter((run) => Object.keys(run.variables).length > 0));
  return (
    <SpaceBetween size="l">
      <Header variant="h2">Variables</Header>
      {own.length > 0 ? (
        <Values
          title="Pipeline variables"
          label="Pipeline variables"
          description="As this execution was started with them."
          values={own}
          refer={(name) => `#{variables.${name}}`}
        />
      ) : (
        <Nothing title="Pipeline variables" text="The pipeline declares none. V2 pipelines may: a start can then give them values." />
      )}
      {giving.map((run) => (
        <Values
          key={run.id}
          title={run.namespace ?? `${run.name} (no namespace)`}
          label={`Output variables of ${run.name}`}
          description={
            run.namespace
              ? `Output variables of ${run.name} in stage ${run.stage}.`
              : `Output variables of ${run.name} in stage ${run.stage}; later actions can refer to them once the action has a namespace.`
          }
          values={Object.entries(run.variables)}
          refer={run.namespace ? (name) => `#{${run.namespace}.${name}}` : undefined}
        />
      ))}
      {giving.length === 0 && <Nothing title="Output variables" text="No action has given any out in this execution." />}
      <Header variant="h2">Resolved configuration</Header>
      {known.runs.length === 0 && <Box color="text-body-secondary">Nothing has run yet.</Box>}
      {lastOf(known.runs).map((run) => (
        <ExpandableSection
          key={run.id}
          headingTagOverride="h3"
          headerText={run.name}
          headerDescription={`${run.stage} – ${run.provider}`}
          defaultExpanded={changed(run)}
        >
          <Settings run={run} title="" />
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}

function Nothing({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Header variant="h3">{title}</Header>
      <Box color="text-body-secondary">{text}</Box>
    </div>
  );
}

/** The last attempt of each action and rule. */
function lastOf(runs: Run[]): Run[] {
  return [...new Map(runs.map((run) => [JSON.stringify([run.stage, run.condition, run.name]), run])).values()];
}

function changed(run: Run): boolean {
  return Object.entries(run.configuration).some(([name, value]) => run.resolved[name] !== value);
}
