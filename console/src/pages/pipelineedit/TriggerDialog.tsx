/** Edits one trigger: its source action and up to three filters for pushes and three for pull requests. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Multiselect from "@cloudscape-design/components/multiselect";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type {
  GitBranchFilterCriteria,
  GitConfiguration,
  GitPullRequestEventType,
  GitPullRequestFilter,
  GitPushFilter,
} from "../../api/models/codepipeline";
import { Lines } from "../../parts/actionform/Lines";
import { FormDialog } from "./FormDialog";
import { useDraft } from "./draft";
import { setProperties } from "./edits";

type Filter = GitPushFilter & GitPullRequestFilter;
type Kind = "push" | "pullRequest";
type Criterion = "tags" | "branches" | "filePaths";

const EVENTS: { value: GitPullRequestEventType; label: string }[] = [
  { value: "OPEN", label: "Opened" },
  { value: "UPDATED", label: "New revision" },
  { value: "CLOSED", label: "Closed or merged" },
];

export function TriggerDialog({ index, sources, onDone }: { index: number; sources: string[]; onDone: () => void }) {
  const { document, apply } = useDraft();
  const triggers = document.triggers ?? [];
  const taken = triggers.map((each) => each.gitConfiguration.sourceActionName);
  const free = sources.filter((each) => !taken.includes(each));
  const [git, setGit] = useState<GitConfiguration>(
    () => triggers[index]?.gitConfiguration ?? { sourceActionName: free[0] ?? "", push: [{ branches: { includes: ["main"] } }] },
  );
  const [tried, setTried] = useState(false);
  const filters = [...(git.push ?? []), ...(git.pullRequest ?? [])];
  const done = () => {
    setTried(true);
    if (filters.length === 0 || filters.some(filterProblem)) return;
    const { push = [], pullRequest = [], sourceActionName } = git;
    const trigger = {
      providerType: "CodeStarSourceConnection" as const,
      gitConfiguration: { sourceActionName, ...(push.length ? { push } : {}), ...(pullRequest.length ? { pullRequest } : {}) },
    };
    apply(setProperties(document, { triggers: triggers.toSpliced(index, 1, trigger) }), `The trigger of ${git.sourceActionName}`);
    onDone();
  };
  const options = [...new Set([git.sourceActionName, ...free])].filter(Boolean).map((value) => ({ value, label: value }));
  return (
    <FormDialog title={triggers[index] ? "Edit trigger" : "Add trigger"} verb="Done" size="large" onSubmit={done} onCancel={onDone}>
      <SpaceBetween size="l">
        <FormField label="Source action">
          <Select
            selectedOption={options.find((each) => each.value === git.sourceActionName) ?? null}
            options={options}
            onChange={({ detail }) => setGit({ ...git, sourceActionName: detail.selectedOption.value ?? "" })}
          />
        </FormField>
        {(["push", "pullRequest"] as const).map((kind) => (
          <Filters key={kind} kind={kind} filters={git[kind] ?? []} tried={tried} onChange={(next) => setGit({ ...git, [kind]: next })} />
        ))}
        {tried && filters.length === 0 && <Box color="text-status-error">Add a filter: without one nothing starts the pipeline.</Box>}
      </SpaceBetween>
    </FormDialog>
  );
}

interface FiltersProps {
  kind: Kind;
  filters: Filter[];
  tried: boolean;
  onChange: (next: Filter[]) => void;
}

function Filters({ kind, filters, tried, onChange }: FiltersProps) {
  const called = kind === "push" ? "Push" : "Pull request";
  return (
    <SpaceBetween size="s">
      {filters.map((each, index) => (
        <Container
          key={index}
          header={
            <Header
              variant="h3"
              actions={
                <Button
                  variant="icon"
                  iconName="remove"
                  ariaLabel={`Remove ${called.toLowerCase()} filter ${index + 1}`}
                  onClick={() => onChange(filters.toSpliced(index, 1))}
                />
              }
            >
              {called} filter {index + 1}
            </Header>
          }
        >
          <FilterForm kind={kind} filter={each} problem={tried ? filterProblem(each) : ""} onChange={(next) => onChange(filters.with(index, next))} />
        </Container>
      ))}
      {filters.length < 3 && (
        <Button iconName="add-plus" onClick={() => onChange([...filters, { branches: { includes: ["main"] } }])}>
          Add {called.toLowerCase()} filter
        </Button>
      )}
    </SpaceBetween>
  );
}

interface FormProps {
  kind: Kind;
  filter: Filter;
  problem: string;
  onChange: (next: Filter) => void;
}

function FilterForm({ kind, filter, problem, onChange }: FormProps) {
  const tags = "tags" in filter;
  return (
    <SpaceBetween size="s">
      {kind === "push" && (
        <RadioGroup
          direction="horizontal"
          value={tags ? "tags" : "branches"}
          ariaLabel="What is pushed"
          items={[
            { value: "branches", label: "Branches" },
            { value: "tags", label: "Tags" },
          ]}
          onChange={({ detail }) => onChange({ [detail.value]: {} })}
        />
      )}
      {kind === "pullRequest" && (
        <FormField label="Events" description="All of them without a choice.">
          <Multiselect
            selectedOptions={EVENTS.filter((each) => filter.events?.includes(each.value))}
            options={EVENTS}
            placeholder="All events"
            onChange={({ detail }) => {
              const events = detail.selectedOptions.map((each) => each.value as GitPullRequestEventType);
              const { events: _, ...rest } = filter;
              onChange(events.length > 0 ? { ...rest, events } : rest);
            }}
          />
        </FormField>
      )}
      {((tags ? ["tags"] : ["branches", "filePaths"]) as Criterion[]).map((name) => (
        <Patterns key={name} name={name} kind={kind} given={filter[name]} onChange={(next) => onChange(put(filter, name, next))} />
      ))}
      {problem && <Box color="text-status-error">{problem}</Box>}
    </SpaceBetween>
  );
}

const LABELS: Record<Criterion, string> = { tags: "Tags", branches: "Branches", filePaths: "Changed files" };

interface PatternsProps {
  name: Criterion;
  kind: Kind;
  given: GitBranchFilterCriteria | undefined;
  onChange: (next: GitBranchFilterCriteria | undefined) => void;
}

function Patterns({ name, kind, given, onChange }: PatternsProps) {
  const label = kind === "pullRequest" && name === "branches" ? "Destination branches" : LABELS[name];
  const set = (side: "includes" | "excludes", lines: string[] | undefined) => {
    const { [side]: _, ...rest } = given ?? {};
    const next = lines?.length ? { ...rest, [side]: lines } : rest;
    onChange(Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <SpaceBetween size="s">
      <FormField label={`${label} to include`} description="A pattern a line: * within a name, ** across slashes, {a,b} for either.">
        <Lines value={given?.includes} onChange={(lines) => set("includes", lines)} rows={2} />
      </FormField>
      <FormField label={`${label} to leave out`}>
        <Lines value={given?.excludes} onChange={(lines) => set("excludes", lines)} rows={2} />
      </FormField>
    </SpaceBetween>
  );
}

function put(filter: Filter, name: Criterion, next: GitBranchFilterCriteria | undefined): Filter {
  const { [name]: _, ...rest } = filter;
  return next || name !== "filePaths" ? { ...rest, [name]: next ?? {} } : rest;
}

function filterProblem(filter: Filter): string {
  const main = filter.tags ?? filter.branches;
  if (!main?.includes?.length && !main?.excludes?.length) return "Give a pattern to include or to leave out.";
  return "";
}
