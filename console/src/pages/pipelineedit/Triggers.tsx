/** Triggers: which pushes, tags and pull requests of a connected repository start the pipeline. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { GitPullRequestFilter, GitPushFilter, PipelineTriggerDeclaration } from "../../api/models/codepipeline";
import { Marks } from "./Marks";
import { TriggerDialog } from "./TriggerDialog";
import { placeId, useDraft } from "./draft";
import { setProperties } from "./edits";
import { within } from "./problems";

export function Triggers() {
  const { document, problems, apply } = useDraft();
  const [editing, setEditing] = useState<number>();
  const triggers = document.triggers ?? [];
  const taken = triggers.map((each) => each.gitConfiguration.sourceActionName);
  const sources = (document.stages[0]?.actions ?? []).filter((each) => each.actionTypeId.provider === "CodeStarSourceConnection");
  const free = sources.filter((each) => !taken.includes(each.name));
  const remove = (index: number) => {
    const next = triggers.toSpliced(index, 1);
    apply(setProperties(document, { triggers: next.length > 0 ? next : undefined }), `Remove the trigger of ${taken[index]}`);
  };
  return (
    <div id={placeId(["triggers"])}>
      <ExpandableSection
        variant="container"
        headerText="Triggers"
        headerDescription={triggers.length > 0 ? `for ${taken.join(", ")}` : "every change of a source starts the pipeline"}
        {...(within(problems, ["triggers"]).length > 0 ? { expanded: true } : {})}
      >
        <SpaceBetween size="s">
          {triggers.map((each, index) => (
            <Trigger key={index} index={index} trigger={each} onEdit={() => setEditing(index)} onRemove={() => remove(index)} />
          ))}
          <Button
            iconName="add-plus"
            disabled={free.length === 0}
            disabledReason={
              sources.length === 0
                ? "Filters are for sources that come through a connection; this pipeline has none. Other sources start it with every change."
                : "Each connected source has its trigger."
            }
            onClick={() => setEditing(triggers.length)}
          >
            Add trigger
          </Button>
        </SpaceBetween>
      </ExpandableSection>
      {editing !== undefined && (
        <TriggerDialog index={editing} sources={sources.map((each) => each.name)} onDone={() => setEditing(undefined)} />
      )}
    </div>
  );
}

interface TriggerProps {
  index: number;
  trigger: PipelineTriggerDeclaration;
  onEdit: () => void;
  onRemove: () => void;
}

function Trigger({ index, trigger, onEdit, onRemove }: TriggerProps) {
  const path = ["triggers", index];
  const wrong = within(useDraft().problems, path).length > 0;
  const { sourceActionName, push = [], pullRequest = [] } = trigger.gitConfiguration;
  return (
    <div className={`condition${wrong ? " wrong" : ""}`} id={placeId(path)} role="group" aria-label={`Trigger of ${sourceActionName}`}>
      <div className="what">
        <Box variant="strong">{sourceActionName}</Box>
        <ul className="rules">
          {push.map((each, number) => (
            <li key={number}>Push: {filterTold(each)}</li>
          ))}
          {pullRequest.map((each, number) => (
            <li key={number}>Pull request: {filterTold(each)}</li>
          ))}
        </ul>
      </div>
      <SpaceBetween direction="horizontal" size="xxs">
        <Button variant="icon" iconName="edit" ariaLabel={`Edit the trigger of ${sourceActionName}`} onClick={onEdit} />
        <Button variant="icon" iconName="remove" ariaLabel={`Remove the trigger of ${sourceActionName}`} onClick={onRemove} />
      </SpaceBetween>
      <Marks path={path} />
    </div>
  );
}

function filterTold(filter: GitPushFilter & GitPullRequestFilter): string {
  const parts = (["tags", "branches", "filePaths"] as const).flatMap((name) => {
    const { includes = [], excludes = [] } = filter[name] ?? {};
    const called = name === "filePaths" ? "files" : name;
    return [
      ...(includes.length > 0 ? [`${called} ${includes.join(", ")}`] : []),
      ...(excludes.length > 0 ? [`not ${called} ${excludes.join(", ")}`] : []),
    ];
  });
  return [...(filter.events?.length ? [filter.events.join(", ").toLowerCase()] : []), ...parts].join("; ") || "everything";
}
