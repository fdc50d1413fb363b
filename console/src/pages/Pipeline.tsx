/** One pipeline as it stands: its stages, what waits and why, and everything that can be done about it. */

import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { Fragment } from "react";
import { useParams, useSearchParams } from "react-router";

import { useLive } from "../api/live";
import { Failure } from "../parts/Failure";
import { statusMark } from "../parts/Status";
import { pipelinePage } from "../parts/addresses";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { ActionPanel } from "./pipeline/ActionPanel";
import { Parallel } from "./pipeline/Parallel";
import { PipelineGraph } from "./pipeline/PipelineGraph";
import { PipelineHeader } from "./pipeline/PipelineHeader";
import { Review } from "./pipeline/Review";
import { StageCard } from "./pipeline/StageCard";
import { Transition } from "./pipeline/Transition";
import { askedBy } from "./pipeline/approval";
import { usePipeline } from "./pipeline/data";
import { type ActionView, type StageView, declaredStages, markOf, waitsForAnswer } from "./pipeline/model";
import "./pipeline/pipeline.css";

export default function Pipeline() {
  const { name = "" } = useParams();
  useLive(name);
  const { state, structure, declaration, stages, executions } = usePipeline(name);
  const [place, setPlace] = useSearchParams();
  const parallel = declaration?.executionMode === "PARALLEL";
  useTitle(name, parallel ? statusMark(executions.values().next().value?.status) : markOf(stages));
  const shown = parallel && declaration ? declaredStages(declaration) : stages;
  const put = (key: string, value: string | undefined) =>
    setPlace(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(key, value);
        else next.delete(key);
        return next;
      },
      { replace: true },
    );
  const choose = (key: string) => (action: ActionView) => put(key, `${action.stage}/${action.name}`);
  const [stage, action] = chosen(shown, place.get("action"));
  const [asking, asked] = chosen(shown, place.get("review"));
  const question = asking && waitsForAnswer(asked) ? askedBy(name, asking, asked, executions.get(asking.executionId ?? "")) : undefined;
  const graph = place.get("view") === "graph";
  return (
    <Shell
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: name, href: pipelinePage(name) },
      ]}
      split={{
        splitPanel: stage && action ? <ActionPanel key={`${stage.name}/${action.name}`} pipeline={name} stage={stage} action={action} /> : undefined,
        splitPanelOpen: action !== undefined,
        onSplitPanelToggle: (event) => !event.detail.open && put("action", undefined),
      }}
    >
      <SpaceBetween size="l">
        <PipelineHeader name={name} declaration={declaration} version={state.data?.pipelineVersion} executions={executions} stages={stages} />
        <Failure error={state.error} what="the state of this pipeline" again={state.refetch} />
        {!state.error && <Failure error={structure.error} what="the structure of this pipeline" again={structure.refetch} />}
        {state.isLoading && <Spinner size="large" />}
        {state.data && (
          <SegmentedControl
            label="View"
            selectedId={graph ? "graph" : "stages"}
            options={[
              { id: "stages", text: "Stages" },
              { id: "graph", text: "Graph" },
            ]}
            onChange={(event) => put("view", event.detail.selectedId === "graph" ? "graph" : undefined)}
          />
        )}
        <div>
          {parallel && !graph && <Parallel pipeline={name} executions={executions} />}
          {graph && state.data && <PipelineGraph stages={shown} onDetails={choose("action")} />}
          {!graph && !parallel && (
            <div className="stages">
              {stages.map((each) => (
                <Fragment key={each.name}>
                  <Transition pipeline={name} stage={each} executions={executions} />
                  <StageCard
                    pipeline={name}
                    stage={each}
                    executions={executions}
                    canRollBack={declaration?.pipelineType === "V2"}
                    onDetails={choose("action")}
                    onReview={choose("review")}
                  />
                </Fragment>
              ))}
            </div>
          )}
        </div>
      </SpaceBetween>
      {place.get("review") && (
        <Review key={place.get("review")} asked={question} onDone={() => put("review", undefined)} />
      )}
    </Shell>
  );
}

/** The action that an address names, as STAGE/ACTION. */
function chosen(stages: StageView[], text: string | null): [StageView, ActionView] | [undefined, undefined] {
  const [stageName, actionName] = (text ?? "").split("/");
  const stage = stages.find((each) => each.name === stageName);
  const action = stage?.actions.find((each) => each.name === actionName);
  return stage && action ? [stage, action] : [undefined, undefined];
}
