/** A step for a stage: its actions, and what happens when it fails. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { Input } from "../../api/client";
import { may } from "../../api/may";
import type { ActionDeclaration } from "../../api/models/codepipeline";
import { Permitted } from "../../parts/Permitted";
import { ActionForm } from "../../parts/actionform/ActionForm";
import { type Kind, keyOf, kindOf } from "../../parts/actionform/catalog";
import type { Errors } from "../../parts/actionform/check";
import { surroundings } from "../../parts/actionform/surroundings";
import { ProjectForm, newProject } from "./ProjectForm";
import {
  type Draft,
  type OnFailure,
  type Place,
  type StageDraft,
  chosenStages,
  declarationOf,
  onFailureOf,
  settled,
  withOnFailure,
} from "./draft";

interface Props {
  draft: Draft;
  place: Place;
  index: number;
  set: (stage: StageDraft) => void;
  /** By the index of the action. */
  errors: Errors[];
  /** About the stage as a whole. */
  error: string;
  kinds: Kind[] | undefined;
}

export function StageStep(props: Props) {
  const { draft, index, set, error } = props;
  const drafted = draft.stages[index];
  const { stage, skipped } = drafted;
  if (skipped)
    return (
      <Alert
        type="info"
        header={`The stage ${stage.name} is skipped`}
        action={<Button onClick={() => set({ ...drafted, skipped: false })}>Add it after all</Button>}
      >
        The pipeline is made without it. It can be added later, too.
      </Alert>
    );
  return (
    <SpaceBetween size="l">
      {error && (
        <Alert type="error" header="This stage was refused">
          {error}
        </Alert>
      )}
      {stage.actions.map((action, number) => (
        <Container
          key={number}
          header={<Header variant="h2">{stage.actions.length > 1 || draft.cloned ? action.name : stage.name}</Header>}
        >
          <OneAction {...props} action={action} number={number} />
        </Container>
      ))}
      {draft.type === "V2" && <Failing stage={drafted} set={set} first={index === 0} mode={draft.mode} />}
    </SpaceBetween>
  );
}

function OneAction({
  draft,
  place,
  index,
  set,
  errors,
  kinds,
  action,
  number,
}: Props & { action: ActionDeclaration; number: number }) {
  const drafted = draft.stages[index];
  const { stage, projects } = drafted;
  const pipeline = declarationOf(draft, place, "", index);
  const at = chosenStages(draft, index).findIndex((each) => each.index === index);
  const put = (next: ActionDeclaration, project = projects[number]) => {
    const { [number]: _, ...others } = projects;
    set({
      ...drafted,
      stage: { ...stage, actions: stage.actions.map((each, order) => (order === number ? next : each)) },
      projects: project ? { ...others, [number]: project } : others,
    });
  };
  const change = (next: ActionDeclaration) => {
    const other = keyOf(next.actionTypeId) !== keyOf(action.actionTypeId);
    if (!other) return put(next);
    const { [number]: _, ...others } = projects;
    const kind = kindOf(kinds, next.actionTypeId);
    const begun = draft.cloned ? next : settled(next, stage.name, kind?.outputs[1] ?? 0);
    set({
      ...drafted,
      stage: { ...stage, actions: stage.actions.map((each, order) => (order === number ? begun : each)) },
      projects: others,
    });
  };
  const project = projects[number];
  const builds = action.actionTypeId.provider === "CodeBuild";
  const named = (name: string): ActionDeclaration => ({
    ...action,
    configuration: { ...action.configuration, ProjectName: name },
  });
  const begin = () => {
    const name = `${draft.name || "pipeline"}-${stage.name.toLowerCase()}`.replace(/[^A-Za-z0-9_-]+/g, "-");
    put(named(name), newProject(name));
  };
  const unnamed = () => {
    const { ProjectName: _, ...configuration } = action.configuration ?? {};
    const { [number]: gone, ...others } = projects;
    const next = { ...action, configuration };
    if (gone)
      set({
        ...drafted,
        stage: { ...stage, actions: stage.actions.map((each, order) => (order === number ? next : each)) },
        projects: others,
      });
  };
  return (
    <ActionForm
      value={action}
      onChange={change}
      errors={errors[number] ?? {}}
      around={surroundings(pipeline, at, number)}
      categories={drafted.categories?.filter((each) => draft.type === "V2" || each !== "Compute")}
      plain={!draft.cloned}
      beside={builds ? { ProjectName: <Create onClick={begin} /> } : undefined}
      instead={
        builds && project
          ? {
              ProjectName: (
                <ProjectForm
                  value={project}
                  onChange={(next) => put(named(next.name), next)}
                  onCancel={unnamed}
                  errors={errors[number] ?? {}}
                />
              ),
            }
          : undefined
      }
    />
  );
}

function Create({ onClick }: { onClick: () => void }) {
  const question: Input<"codebuild", "CreateProject"> = {
    name: "new",
    source: { type: "CODEPIPELINE" },
    artifacts: { type: "CODEPIPELINE" },
    environment: { type: "LINUX_CONTAINER", image: "any", computeType: "BUILD_GENERAL1_SMALL" },
    serviceRole: "",
  };
  return (
    <Permitted asks={may("codebuild", "CreateProject", question)} onClick={onClick}>
      Create project
    </Permitted>
  );
}

function Failing({ stage, set, first, mode }: { stage: StageDraft; set: Props["set"]; first: boolean; mode: Draft["mode"] }) {
  const value = onFailureOf(stage.stage);
  const items: { value: OnFailure; label: string; description?: string; disabled?: boolean }[] = [
    { value: "none", label: "The execution fails" },
    { value: "retry-failed", label: "Retry failed actions once" },
    { value: "retry-all", label: "Retry the whole stage once" },
  ];
  if (!first)
    items.push({
      value: "rollback",
      label: "Roll back to the last execution that succeeded in this stage",
      disabled: mode === "PARALLEL",
      description: mode === "PARALLEL" ? "Pipelines in the mode Parallel cannot roll back." : undefined,
    });
  if (value === "kept") items.push({ value: "kept", label: "As its conditions say", description: "They were copied." });
  return (
    <Container header={<Header variant="h2">When the stage fails</Header>}>
      <FormField label="Automated stage configuration">
        <RadioGroup
          value={value}
          onChange={({ detail }) => set({ ...stage, stage: withOnFailure(stage.stage, detail.value as OnFailure) })}
          items={items}
        />
      </FormField>
    </Container>
  );
}
