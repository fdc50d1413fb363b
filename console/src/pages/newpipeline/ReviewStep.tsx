/** The last step: everything that was chosen, and what will be done. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import List from "@cloudscape-design/components/list";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { ActionDeclaration } from "../../api/models/codepipeline";
import { type Kind, keyOf, kindOf } from "../../parts/actionform/catalog";
import { providerOf, words } from "../../parts/actionform/providers";
import { AsCode } from "./AsCode";
import type { Failed } from "./creating";
import { type Draft, onFailureOf } from "./draft";
import type { Plan } from "./plan";

interface Props {
  draft: Draft;
  plan: Plan;
  /** The same with secrets left out, to be shown. */
  shown: Plan;
  made: Record<string, string>;
  /** What was done since Create pipeline was pressed. */
  done: string[];
  busy?: string;
  failed?: Failed;
  kinds: Kind[] | undefined;
  edit: (step: number) => void;
}

const FAILING: Record<string, string> = {
  "retry-failed": "Failed actions are retried once",
  "retry-all": "The stage is retried once",
  rollback: "Rolled back",
  kept: "As its conditions say",
};

export function ReviewStep({ draft, plan, shown, made, done, busy, failed, kinds, edit }: Props) {
  return (
    <SpaceBetween size="l">
      {failed && (
        <div className="failed" tabIndex={-1}>
          <Alert type="error" header={`Not made: ${failed.step.what} (${failed.error.code})`}>
            {failed.error.message}
          </Alert>
        </div>
      )}
      <Settings draft={draft} plan={plan} edit={() => edit(0)} />
      {draft.stages.map(({ stage, skipped }, index) => (
        <Container key={index} header={<Heading title={`Stage ${stage.name}`} edit={() => edit(index + 1)} />}>
          {skipped ? (
            <Box color="text-body-secondary">Skipped</Box>
          ) : (
            <SpaceBetween size="l">
              {stage.actions.map((action, number) => (
                <Action key={number} action={action} kind={kindOf(kinds, action.actionTypeId)} />
              ))}
              {onFailureOf(stage) !== "none" && (
                <KeyValuePairs items={[{ label: "When the stage fails", value: FAILING[onFailureOf(stage)] }]} />
              )}
            </SpaceBetween>
          )}
        </Container>
      ))}
      <Container header={<Header variant="h2">What will be done</Header>}>
        <List
          items={plan.steps}
          renderItem={(step) => ({
            id: step.id,
            content: <Progress step={step.id} what={step.what} made={made} done={done} busy={busy} failed={failed} />,
          })}
          ariaLabel="What will be done"
          disablePaddings
        />
      </Container>
      <ExpandableSection variant="container" headerText="The same as code" headerDescription="JSON, AWS CLI, CloudFormation">
        <AsCode plan={shown} />
      </ExpandableSection>
    </SpaceBetween>
  );
}

function Progress({
  step,
  what,
  made,
  done,
  busy,
  failed,
}: { step: string; what: string } & Pick<Props, "made" | "done" | "busy" | "failed">) {
  const type =
    made[step] || done.includes(step)
      ? "success"
      : busy === step
        ? "in-progress"
        : failed?.step.id === step
          ? "error"
          : "pending";
  const words = { success: "made", "in-progress": "being made", error: "failed", pending: "to be made" }[type];
  return (
    <StatusIndicator type={type}>
      {what[0].toUpperCase() + what.slice(1)}: {words}
    </StatusIndicator>
  );
}

function Heading({ title, edit }: { title: string; edit: () => void }) {
  return (
    <Header
      variant="h2"
      actions={
        <Button onClick={edit} ariaLabel={`Edit ${title}`}>
          Edit
        </Button>
      }
    >
      {title}
    </Header>
  );
}

function Settings({ draft, plan, edit }: { draft: Draft; plan: Plan; edit: () => void }) {
  const { declaration, bucket } = plan;
  const stores = draft.rest?.artifactStores;
  return (
    <Container header={<Heading title="Pipeline settings" edit={edit} />}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: "Pipeline name", value: draft.name },
          { label: "Type", value: draft.type },
          ...(draft.type === "V2" ? [{ label: "Execution mode", value: draft.mode[0] + draft.mode.slice(1).toLowerCase() }] : []),
          { label: "Service role", value: <Long>{declaration.roleArn}</Long> },
          {
            label: "Artifact store",
            value: (
              <Long>
                {stores
                  ? Object.values(stores)
                      .map((each) => each.location)
                      .join(", ")
                  : bucket.name}
              </Long>
            ),
          },
          ...(declaration.variables ?? []).map((each) => ({
            label: `Variable ${each.name}`,
            value: each.defaultValue || "Asked for at each start",
          })),
          ...(draft.cloned ? [{ label: "Copy of", value: draft.cloned }] : []),
        ]}
      />
    </Container>
  );
}

function Action({ action, kind }: { action: ActionDeclaration; kind: Kind | undefined }) {
  const { title, fields } = providerOf(keyOf(action.actionTypeId));
  const secret = new Set(kind?.properties.filter((each) => each.secret).map((each) => each.name));
  const rows = Object.entries(action.configuration ?? {}).map(([name, value]) => ({
    label: fields[name]?.label ?? words(name),
    value: <Long>{secret.has(name) ? "****" : value}</Long>,
  }));
  const list = (names: string[]) => names.join(", ");
  if (action.commands?.length) rows.push({ label: "Commands", value: <Long>{action.commands.join("\n")}</Long> });
  if (action.inputArtifacts?.length)
    rows.push({ label: "Input artifacts", value: <Long>{list(action.inputArtifacts.map((each) => each.name))}</Long> });
  if (action.outputArtifacts?.length)
    rows.push({ label: "Output artifacts", value: <Long>{list(action.outputArtifacts.map((each) => each.name))}</Long> });
  if (action.namespace) rows.push({ label: "Variable namespace", value: <Long>{action.namespace}</Long> });
  if (action.roleArn) rows.push({ label: "Role", value: <Long>{action.roleArn}</Long> });
  return (
    <KeyValuePairs
      columns={2}
      items={[{ label: "Action", value: action.name }, { label: "Action provider", value: title }, ...rows]}
    />
  );
}

function Long({ children }: { children: string }) {
  return <span className="long">{children}</span>;
}
