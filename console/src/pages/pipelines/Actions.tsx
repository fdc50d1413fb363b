/** What can be done with the pipeline that is selected, and with all of them. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useHref, useNavigate } from "react-router";

import { may } from "../../api/may";
import { Permitted } from "../../parts/Permitted";
import { DeletePipeline } from "../../parts/structure/DeletePipeline";
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
      {open === "delete" && <DeletePipeline name={selected} stay onDeleted={onDeleted} onDone={() => setOpen("")} />}
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
