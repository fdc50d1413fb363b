/** What can be done with the pipeline that is selected, and with all of them. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useHref, useNavigate } from "react-router";

import { may } from "../../api/may";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { useNotices } from "../../shell/notices";
import { Release } from "./Release";

const FIRST = "Select a pipeline first.";

export function Actions({ selected, onDeleted }: { selected: string; onDeleted: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"release" | "delete" | "">("");
  const history = useHref(`/pipelines/${selected}/executions`);
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void client.invalidateQueries({ queryKey: ["codepipeline"] })} />
        <Button
          disabled={!selected}
          disabledReason={FIRST}
          href={selected ? history : undefined}
          onFollow={(event) => {
            event.preventDefault();
            navigate(`/pipelines/${selected}/executions`);
          }}
        >
          View history
        </Button>
        <Permitted
          asks={selected ? may("codepipeline", "StartPipelineExecution", { name: selected }) : []}
          disabled={!selected}
          disabledReason={FIRST}
          onClick={() => setOpen("release")}
        >
          Release change
        </Permitted>
        <Permitted
          asks={selected ? may("codepipeline", "DeletePipeline", { name: selected }) : []}
          disabled={!selected}
          disabledReason={FIRST}
          onClick={() => setOpen("delete")}
        >
          Delete pipeline
        </Permitted>
        <Create />
      </SpaceBetween>
      {open === "release" && <Release name={selected} onDone={() => setOpen("")} />}
      {open === "delete" && <Delete name={selected} onDeleted={onDeleted} onDone={() => setOpen("")} />}
    </>
  );
}

/** Leads to the wizard; who may create pipelines under which names shows there. */
export function Create() {
  const navigate = useNavigate();
  return (
    <Button
      variant="primary"
      href={useHref("/pipelines/new")}
      onFollow={(event) => {
        event.preventDefault();
        navigate("/pipelines/new");
      }}
    >
      Create pipeline
    </Button>
  );
}

function Delete({ name, onDeleted, onDone }: { name: string; onDeleted: () => void; onDone: () => void }) {
  const { tell } = useNotices();
  const remove = useAction("codepipeline", "DeletePipeline");
  const go = async () => {
    await remove.mutateAsync({ name });
    onDeleted();
    tell("success", `${name} is deleted.`);
  };
  return (
    <Confirm title={`Delete ${name}?`} verb="Delete" typed="delete" onConfirm={go} onDone={onDone}>
      The pipeline goes with its versions and its history, and what runs of it is stopped. Its artifacts, its role, and what it has
      deployed stay. This cannot be undone.
    </Confirm>
  );
}
