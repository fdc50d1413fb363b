/** A copy of a pipeline under another name. */

import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useNavigate } from "react-router";

import { may, useMay } from "../../api/may";
import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { RouterLink } from "../../parts/RouterLink";
import { pipelinePage } from "../../parts/addresses";

const NAME = /^[A-Za-z0-9.@\-_]{1,100}$/;

export function Clone({ declaration, onDone }: { declaration: PipelineDeclaration; onDone: () => void }) {
  const [name, setName] = useState(`${declaration.name}-copy`.slice(0, 100));
  const create = useAction("codepipeline", "CreatePipeline");
  const navigate = useNavigate();
  const { version: _, ...structure } = declaration;
  const pipeline = { ...structure, name };
  const [refused] = useMay([may("codepipeline", "CreatePipeline", { pipeline })]);
  const wrong = NAME.test(name) ? "" : "1 to 100 letters, digits and . @ - _";
  const go = async () => {
    await create.mutateAsync({ pipeline });
    navigate(pipelinePage(name));
  };
  return (
    <Confirm
      title={`Clone ${declaration.name}`}
      verb="Clone"
      disabled={Boolean(wrong) || Boolean(refused) || name === declaration.name}
      onConfirm={go}
      onDone={onDone}
    >
      {refused && !wrong && <Alert type="warning">{refused}</Alert>}
      <FormField
        label="Pipeline name"
        errorText={name === declaration.name ? "That is the pipeline itself." : wrong}
        description="The clone has the same stages, role and artifact store. It starts an execution at once."
      >
        <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus />
      </FormField>
      <RouterLink to={`/pipelines/new?${new URLSearchParams({ clone: declaration.name })}`}>Change more before it is created</RouterLink>
    </Confirm>
  );
}
