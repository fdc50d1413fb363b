/** The head of a pipeline's page: what it is, and what can be done with the whole of it. */

import Badge from "@cloudscape-design/components/badge";
import ButtonDropdown, { type ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useHref, useNavigate } from "react-router";

import { may, useMay } from "../../api/may";
import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { pipelinePage } from "../../parts/addresses";
import { useNotices } from "../../shell/notices";
import { Clone } from "./Clone";
import { ReleaseChange } from "./ReleaseChange";
import { StopExecution, stoppable } from "./StopExecution";
import type { Executions } from "./data";
import type { StageView } from "./model";

interface Props {
  name: string;
  declaration: PipelineDeclaration | undefined;
  version: number | undefined;
  executions: Executions;
  stages: StageView[];
}

type Dialog = "release" | "stop" | "clone" | "delete";
/** Any id: whether one may stop executions does not depend on which. */
const SOME = "00000000-0000-4000-8000-000000000000";

export function PipelineHeader({ name, declaration, version, executions, stages }: Props) {
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const idle = stoppable(executions, stages).length === 0;
  return (
    <>
      <Header
        variant="h1"
        description={
          <SpaceBetween direction="horizontal" size="xs">
            {declaration?.pipelineType && <Badge>{`Type ${declaration.pipelineType}`}</Badge>}
            {declaration && <Badge>{modeWord(declaration)}</Badge>}
            {version !== undefined && <span>{`Version ${version}`}</span>}
          </SpaceBetween>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <More name={name} declaration={declaration} onChoose={setDialog} />
            <Edit name={name} declaration={declaration} />
            <Permitted
              asks={may("codepipeline", "StopPipelineExecution", { pipelineName: name, pipelineExecutionId: SOME })}
              disabled={idle}
              disabledReason="No execution is in progress."
              onClick={() => setDialog("stop")}
            >
              Stop execution
            </Permitted>
            <Permitted asks={may("codepipeline", "StartPipelineExecution", { name })} variant="primary" onClick={() => setDialog("release")}>
              Release change
            </Permitted>
          </SpaceBetween>
        }
      >
        {name}
      </Header>
      {dialog === "release" && <ReleaseChange pipeline={name} declaration={declaration} onDone={close} />}
      {dialog === "stop" && <StopExecution pipeline={name} executions={executions} stages={stages} onDone={close} />}
      {dialog === "clone" && declaration && <Clone declaration={declaration} onDone={close} />}
      {dialog === "delete" && <Delete name={name} onDone={close} />}
    </>
  );
}

function modeWord({ executionMode }: PipelineDeclaration): string {
  const mode = executionMode ?? "SUPERSEDED";
  return `${mode.charAt(0)}${mode.slice(1).toLowerCase()} mode`;
}

function Edit({ name, declaration }: { name: string; declaration: PipelineDeclaration | undefined }) {
  const navigate = useNavigate();
  const page = `${pipelinePage(name)}/edit`;
  return (
    <Permitted
      asks={declaration ? may("codepipeline", "UpdatePipeline", { pipeline: declaration }) : []}
      href={useHref(page)}
      onFollow={(event) => {
        event.preventDefault();
        navigate(page);
      }}
    >
      Edit
    </Permitted>
  );
}

interface MoreProps {
  name: string;
  declaration: PipelineDeclaration | undefined;
  onChoose: (dialog: Dialog) => void;
}

function More({ name, declaration, onChoose }: MoreProps) {
  const navigate = useNavigate();
  const base = useHref(pipelinePage(name));
  const [noDelete] = useMay([may("codepipeline", "DeletePipeline", { name })]);
  const copy = declaration && { ...declaration, name: `${name}-copy`.slice(0, 100) };
  const [noClone] = useMay(copy ? [may("codepipeline", "CreatePipeline", { pipeline: copy })] : []);
  const [noHistory] = useMay([may("codepipeline", "ListPipelineExecutions", { pipelineName: name })]);
  const items: ButtonDropdownProps.ItemOrGroup[] = [
    { id: "executions", text: "View history", href: `${base}/executions`, disabled: Boolean(noHistory), disabledReason: noHistory },
    { id: "versions", text: "Versions", href: `${base}/versions` },
    { id: "settings", text: "Settings", href: `${base}/settings` },
    {
      id: "clone",
      text: "Clone pipeline",
      disabled: !declaration || Boolean(noClone),
      disabledReason: noClone || "The pipeline's structure cannot be read.",
    },
    { id: "delete", text: "Delete pipeline", disabled: Boolean(noDelete), disabledReason: noDelete },
  ];
  return (
    <ButtonDropdown
      items={items}
      onItemFollow={(event) => {
        event.preventDefault();
        navigate(`${pipelinePage(name)}/${event.detail.id}`);
      }}
      onItemClick={(event) => {
        if (event.detail.id === "clone" || event.detail.id === "delete") onChoose(event.detail.id);
      }}
    >
      More
    </ButtonDropdown>
  );
}

function Delete({ name, onDone }: { name: string; onDone: () => void }) {
  const remove = useAction("codepipeline", "DeletePipeline");
  const navigate = useNavigate();
  const { tell } = useNotices();
  const go = async () => {
    await remove.mutateAsync({ name });
    tell("success", `${name} was deleted.`);
    navigate("/pipelines");
  };
  return (
    <Confirm title={`Delete ${name}`} verb="Delete" typed="delete" onConfirm={go} onDone={onDone}>
      The pipeline and its history are gone for good. Its repositories, buckets and artifacts stay.
    </Confirm>
  );
}
