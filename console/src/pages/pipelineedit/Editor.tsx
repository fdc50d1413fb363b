/** Edits one version of a pipeline: as stages or as JSON, with undo, until it is saved or left. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import LiveRegion from "@cloudscape-design/components/live-region";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useEffect, useMemo, useReducer, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import type { ApiError } from "../../api/client";
import { may } from "../../api/may";
import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { useActionTypes, useRuleTypes } from "../../parts/actionform/catalog";
import { useLeaving } from "../../parts/leaving";
import { DeletePipeline } from "../../parts/structure/DeletePipeline";
import { canonical, same } from "../../parts/structure/canonical";
import type { Problem } from "../../parts/structure/schema";
import { useNotices } from "../../shell/notices";
import { Canvas } from "./Canvas";
import { JsonView } from "./JsonView";
import { Overtaken } from "./Overtaken";
import { ProblemList } from "./ProblemList";
import { Properties } from "./Properties";
import { SaveDialog } from "./SaveDialog";
import { Triggers } from "./Triggers";
import { type Draft, DraftProvider } from "./draft";
import { begun, moved } from "./history";
import { refusedAt } from "./places";
import { problemsOf } from "./problems";

const NONE: Problem[] = [];

type Open = "save" | "delete" | "overtaken";

/** `current` is what the server has now; `opened` what editing began with. */
export function Editor({ opened, current }: { opened: PipelineDeclaration; current: PipelineDeclaration }) {
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [query, setQuery] = useSearchParams();
  const [base, setBase] = useState(opened);
  const [theirs, setTheirs] = useState(current);
  const [history, dispatch] = useReducer(moved, opened, begun);
  const [said, setSaid] = useState("");
  const [open, setOpen] = useState<Open>();
  const [brokenText, setBrokenText] = useState(false);
  const [refusal, setRefusal] = useState<{ document: PipelineDeclaration; problems: Problem[] }>();
  const document = history.now.document;
  const dirty = useMemo(() => !same(canonical(document), canonical(base)), [document, base]);
  const leaving = useLeaving(dirty || brokenText);
  const [actions, rules] = [useActionTypes().kinds, useRuleTypes().kinds];
  const refused = refusal?.document === document ? refusal.problems : NONE;
  const problems = useMemo(() => [...refused, ...problemsOf(document, { actions, rules })], [document, actions, rules, refused]);
  useEffect(() => setTheirs(current), [current]);

  const apply = useCallback<Draft["apply"]>((next, what, mark) => {
    dispatch({ type: "apply", document: next, said: what, mark });
    setSaid(`${what}: done.`);
  }, []);
  const undo = () => {
    setSaid(`Undone: ${history.now.said}.`);
    dispatch({ type: "undo" });
  };
  const redo = () => {
    setSaid(`Done again: ${history.future[0]?.said}.`);
    dispatch({ type: "redo" });
  };
  useShortcuts(undo, redo);
  const begin = (next: PipelineDeclaration, from: PipelineDeclaration) => {
    setBase(from);
    if (next !== document) dispatch({ type: "begin", document: next });
    setOpen(undefined);
  };
  const saved = (pipeline: PipelineDeclaration) => {
    leaving.free();
    if (pipeline.version === (base.version ?? 0) + 1) tell("success", `Version ${pipeline.version} of ${pipeline.name} is saved.`);
    else tell("warning", `Version ${pipeline.version} is saved, but somebody saved one in the same moment: compare the versions.`);
    navigate(`/pipelines/${encodeURIComponent(pipeline.name)}`);
  };
  const draft = useMemo<Draft>(
    () => ({ document, base, problems, types: { actions, rules }, apply }),
    [document, base, problems, actions, rules, apply],
  );
  const view = query.get("view") === "json" ? "json" : "stages";
  const overtaken = theirs.version !== base.version;
  return (
    <DraftProvider value={draft}>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          description={`Version ${base.version}${dirty ? ", changed" : ""}`}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                iconName="undo"
                ariaLabel="Undo"
                disabled={history.past.length === 0}
                onClick={undo}
                nativeButtonAttributes={{ title: history.past.length > 0 ? `Undo: ${history.now.said}` : "Undo" }}
              />
              <Button
                iconName="redo"
                ariaLabel="Redo"
                disabled={history.future.length === 0}
                onClick={redo}
                nativeButtonAttributes={{ title: history.future[0] ? `Redo: ${history.future[0].said}` : "Redo" }}
              />
              <Button onClick={() => navigate(`/pipelines/${encodeURIComponent(base.name)}`)}>Cancel</Button>
              <Permitted asks={may("codepipeline", "DeletePipeline", { name: base.name })} onClick={() => setOpen("delete")}>
                Delete
              </Permitted>
              <Permitted
                variant="primary"
                asks={may("codepipeline", "UpdatePipeline", { pipeline: base })}
                disabled={!dirty || brokenText}
                disabledReason={brokenText ? "The text is not a pipeline yet." : "Nothing has changed."}
                onClick={() => setOpen("save")}
              >
                Save
              </Permitted>
            </SpaceBetween>
          }
        >
          Editing: {base.name}
        </Header>
        {overtaken && (
          <Alert
            type="warning"
            header={`Version ${theirs.version} has been saved by somebody`}
            action={<Button onClick={() => setOpen("overtaken")}>Show the difference</Button>}
          >
            You are editing version {base.version}.
          </Alert>
        )}
        <ProblemList problems={problems} refused={refused.length} visible={view === "stages"} />
        <SegmentedControl
          label="View"
          selectedId={view}
          options={[
            { id: "stages", text: "Stages", disabled: brokenText, disabledReason: "Put the text right, or undo, first." },
            { id: "json", text: "JSON" },
          ]}
          onChange={({ detail }) => setQuery(detail.selectedId === "json" ? { view: "json" } : {}, { replace: true })}
        />
        {view === "json" ? (
          <JsonView onBroken={setBrokenText} />
        ) : (
          <SpaceBetween size="l">
            <Properties />
            <Triggers />
            <Canvas />
          </SpaceBetween>
        )}
        <LiveRegion hidden>{said}</LiveRegion>
      </SpaceBetween>
      {open === "save" && (
        <SaveDialog
          document={document}
          base={base}
          problems={problems}
          onDone={() => setOpen((was) => (was === "save" ? undefined : was))}
          onRefused={(error: ApiError) => setRefusal({ document, problems: refusedAt(error, document) })}
          onOvertaken={(found) => {
            setTheirs(found);
            setOpen("overtaken");
          }}
          onSaved={saved}
        />
      )}
      {open === "overtaken" && (
        <Overtaken
          base={base}
          theirs={theirs}
          mine={document}
          onDone={() => setOpen(undefined)}
          onTake={() => begin(theirs, theirs)}
          onKeep={() => begin(document, theirs)}
        />
      )}
      {open === "delete" && <DeletePipeline name={base.name} onDone={() => setOpen(undefined)} onDeleted={leaving.free} />}
      {leaving.asked && (
        <Confirm title="Leave without saving?" verb="Leave" onConfirm={async () => leaving.leave()} onDone={leaving.stay}>
          Your changes of {base.name} are not saved.
        </Confirm>
      )}
    </DraftProvider>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z, but where texts are typed: those have an undo of their own. */
function useShortcuts(undo: () => void, redo: () => void) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, [role=dialog]");
      if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      if (event.shiftKey) redo();
      else undo();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
