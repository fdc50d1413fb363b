/** One execution: how it stands, where its time went, what it made and ran with, and how it stood at any moment. */

import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs, { type TabsProps } from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useLive } from "../api/live";
import { may, useMay } from "../api/may";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { statusMark, statusWord } from "../parts/Status";
import { useAddress } from "../parts/address";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Artifacts } from "./execution/Artifacts";
import { Compare } from "./execution/Compare";
import { RetryDialog } from "./execution/RetryDialog";
import { Revisions } from "./execution/Revisions";
import { RollbackDialog } from "./execution/RollbackDialog";
import { Rules } from "./execution/Rules";
import { RunDetails } from "./execution/RunDetails";
import { StopDialog } from "./execution/StopDialog";
import { Summary } from "./execution/Summary";
import { TimeTravel } from "./execution/TimeTravel";
import { Timeline } from "./execution/Timeline";
import { Variables } from "./execution/Variables";
import { Visualization } from "./execution/Visualization";
import { type Known, useExecution } from "./execution/reading";
import { short } from "./execution/words";

export default function Execution() {
  const { name = "", id = "" } = useParams();
  useLive(name);
  const { known, error, again, pending } = useExecution(name, id);
  const status = known?.execution.status;
  useTitle(`${status ? `${statusWord(status)}: ` : ""}${name} ${short(id)}`, statusMark(status));
  const pipeline = `/pipelines/${encodeURIComponent(name)}`;
  return (
    <Shell
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: name, href: pipeline },
        { text: "Executions", href: `${pipeline}/executions` },
        { text: short(id), href: `${pipeline}/executions/${id}` },
      ]}
    >
      <SpaceBetween size="l">
        <Header
          variant="h1"
          actions={known && <Actions known={known} />}
          description={known?.execution.executionType === "ROLLBACK" ? "A rollback of one stage" : undefined}
        >
          {name}: execution {short(id)}
        </Header>
        <Failure error={error} what="this execution" again={again} />
        {pending && <StatusIndicator type="loading">Reading the execution</StatusIndicator>}
        {known && <Summary known={known} />}
        {known && <Failure error={known.actionsError} what="the actions of this execution" />}
        {known && <Parts known={known} />}
      </SpaceBetween>
    </Shell>
  );
}

function Actions({ known }: { known: Known }) {
  const { name, id, execution } = known;
  const [open, setOpen] = useState<"stop" | "rollback" | { retry: string }>();
  const navigate = useNavigate();
  const one = { pipelineName: name, pipelineExecutionId: id };
  const broken = ["Failed", "Stopped"].includes(execution.status ?? "");
  const stage = broken ? known.cards.find((card) => ["Failed", "Stopped"].includes(card.status ?? "")) : undefined;
  const reason = useMay(
    known.declaration
      ? [may("codepipeline", "RollbackStage", { pipelineName: name, stageName: known.declaration.stages.at(-1)?.name ?? "", targetPipelineExecutionId: id })]
      : [],
  )[0];
  const parallel = execution.executionMode === "PARALLEL";
  const close = () => setOpen(undefined);
  const pick = (item: string) => {
    if (item === "rollback") setOpen("rollback");
    if (item === "compare") navigate("?tab=compare");
    if (item === "history") navigate(`/pipelines/${encodeURIComponent(name)}/executions`);
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {known.running && (
        <Permitted asks={may("codepipeline", "StopPipelineExecution", one)} onClick={() => setOpen("stop")}>
          Stop execution
        </Permitted>
      )}
      {stage && (
        <Permitted
          asks={may("codepipeline", "RetryStageExecution", { ...one, stageName: stage.name, retryMode: "FAILED_ACTIONS" })}
          onClick={() => setOpen({ retry: stage.name })}
        >
          Retry stage
        </Permitted>
      )}
      <ButtonDropdown
        items={[
          {
            id: "rollback",
            text: "Roll back to this execution",
            disabled: Boolean(reason) || parallel || execution.executionType === "ROLLBACK",
            disabledReason: reason || (parallel ? "Stages of PARALLEL executions are not rolled back." : "It is a rollback itself."),
          },
          { id: "compare", text: "Compare with another" },
          { id: "history", text: "All executions" },
        ]}
        onItemClick={(event) => pick(event.detail.id)}
      >
        More
      </ButtonDropdown>
      {open === "stop" && <StopDialog name={name} id={id} stopping={execution.status === "Stopping"} onDone={close} />}
      {open === "rollback" && <RollbackDialog name={name} id={id} onDone={close} />}
      {typeof open === "object" && <RetryDialog name={name} id={id} stage={open.retry} onDone={close} />}
    </SpaceBetween>
  );
}

function Parts({ known }: { known: Known }) {
  const [query, change] = useAddress();
  const onOpen = (run: string) => change({ run });
  const shown = known.runs.find((run) => run.id === query.get("run"));
  const tabs: (TabsProps.Tab & { id: string })[] = [
    {
      id: "visualization",
      label: "Visualization",
      content: <Visualization cards={known.cards} runs={known.runs} onOpen={onOpen} />,
    },
    { id: "timeline", label: "Timeline", content: <Timeline known={known} onOpen={onOpen} /> },
    { id: "artifacts", label: "Artifacts", content: <Artifacts known={known} onOpen={onOpen} /> },
    { id: "variables", label: "Variables", content: <Variables known={known} /> },
    { id: "revisions", label: "Revisions", content: <Revisions known={known} /> },
    { id: "rules", label: "Rules", content: <Rules known={known} onOpen={onOpen} /> },
    { id: "compare", label: "Compare", content: <Compare known={known} /> },
    { id: "travel", label: "Time travel", content: <TimeTravel known={known} onOpen={onOpen} /> },
  ];
  const wanted = query.get("tab") ?? (query.get("compare") ? "compare" : "visualization");
  const active = tabs.find((tab) => tab.id === wanted) ?? tabs[0];
  // Only what is seen is made: the other tabs ask for objects and journals.
  return (
    <>
      <Tabs
        ariaLabel="About this execution"
        activeTabId={active.id}
        tabs={tabs.map((tab) => (tab === active ? tab : { ...tab, content: null }))}
        onChange={(event) => change({ tab: event.detail.activeTabId, at: undefined })}
      />
      {shown && <RunDetails run={shown} onClose={() => change({ run: undefined })} />}
    </>
  );
}
