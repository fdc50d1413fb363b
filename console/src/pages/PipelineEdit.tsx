/** Edit mode of a pipeline. */

import Spinner from "@cloudscape-design/components/spinner";
import { useEffect, useState } from "react";
import { useParams } from "react-router";

import { useLive } from "../api/live";
import type { PipelineDeclaration } from "../api/models/codepipeline";
import { useCall } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Editor } from "./pipelineedit/Editor";

export default function PipelineEdit() {
  const { name = "" } = useParams();
  useTitle(`Edit ${name}`);
  useLive(name);
  const found = useCall("codepipeline", "GetPipeline", { name });
  const current = found.data?.pipeline;
  const [opened, setOpened] = useState<PipelineDeclaration>();
  useEffect(() => {
    // Editing goes on with what was read first; what comes later is told, not taken.
    setOpened((before) => (before?.name === name ? before : current?.name === name ? current : undefined));
  }, [current, name]);
  const place = `/pipelines/${encodeURIComponent(name)}`;
  return (
    <Shell
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: name, href: place },
        { text: "Edit", href: `${place}/edit` },
      ]}
    >
      <Failure error={opened ? null : found.error} what={`the pipeline ${name}`} again={found.refetch} />
      {found.isLoading && <Spinner />}
      {opened && <Editor key={opened.name} opened={opened} current={current ?? opened} />}
    </Shell>
  );
}
