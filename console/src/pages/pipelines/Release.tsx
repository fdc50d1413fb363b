/** Starts an execution with what the sources hold now. */

import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";

import type { PipelineVariableDeclaration } from "../../api/models/codepipeline";
import { useAction, useCall } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { RouterLink } from "../../parts/RouterLink";
import { useNotices } from "../../shell/notices";

export function Release({ name, onDone }: { name: string; onDone: () => void }) {
  const { tell } = useNotices();
  const declared = useCall("codepipeline", "GetPipeline", { name });
  const start = useAction("codepipeline", "StartPipelineExecution");
  const [values, setValues] = useState<Record<string, string>>({});
  const variables = declared.data?.pipeline?.variables ?? [];
  const missing = variables.some((each) => !valueOf(each, values));
  const go = async () => {
    const given = variables.filter((each) => values[each.name]).map((each) => ({ name: each.name, value: values[each.name] }));
    const { pipelineExecutionId } = await start.mutateAsync({ name, ...(given.length > 0 ? { variables: given } : {}) });
    const link = <RouterLink to={`/pipelines/${name}/executions/${pipelineExecutionId}`}>{pipelineExecutionId}</RouterLink>;
    tell("success", <>Execution {link} has begun.</>, `The latest change goes through ${name}`);
  };
  return (
    <Confirm title={`Release change: ${name}`} verb="Release" onConfirm={go} onDone={onDone} disabled={declared.isLoading || missing}>
      The most recent change that each source holds goes through the pipeline.
      {declared.isLoading && <Spinner />}
      {declared.error && (
        <Alert type="info">You may not see whether the pipeline has variables; those that have defaults take them.</Alert>
      )}
      {variables.map((each) => (
        <FormField key={each.name} label={each.name} description={each.description}>
          <Input
            value={values[each.name] ?? ""}
            placeholder={each.defaultValue}
            onChange={(event) => setValues({ ...values, [each.name]: event.detail.value })}
          />
        </FormField>
      ))}
    </Confirm>
  );
}

function valueOf(variable: PipelineVariableDeclaration, values: Record<string, string>): string | undefined {
  return values[variable.name] || variable.defaultValue;
}
