/** Starting an execution: with values for the pipeline's variables, and chosen revisions in place of the latest. */

import Alert from "@cloudscape-design/components/alert";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { RouterLink } from "../../parts/RouterLink";
import { executionPage } from "../../parts/addresses";
import { shortId } from "../../parts/short";
import { useNotices } from "../../shell/notices";
import { type Override, given, overridesOf, variableProblem } from "./release";

interface Props {
  pipeline: string;
  declaration: PipelineDeclaration | undefined;
  onDone: () => void;
}

export function ReleaseChange({ pipeline, declaration, onDone }: Props) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const start = useAction("codepipeline", "StartPipelineExecution");
  const { tell } = useNotices();
  // One token for the dialog: pressing twice, or again after a lost answer, starts one execution. Other words make another one.
  const [token] = useState(() => crypto.randomUUID());
  const variables = declaration?.variables ?? [];
  const overrides = overridesOf(declaration);
  const problems = variables.map((each) => variableProblem(each, values[each.name]));
  const go = async () => {
    const parameters = given(pipeline, variables, values, overrides, chosen);
    const words = JSON.stringify([parameters.variables, parameters.sourceRevisions]);
    const answer = await start.mutateAsync({ ...parameters, clientRequestToken: await tokenFor(token, words) });
    const id = answer.pipelineExecutionId ?? "";
    tell("success", <RouterLink to={executionPage(pipeline, id)}>{`Execution ${shortId(id)} was started.`}</RouterLink>);
  };
  return (
    <Confirm title={`Release change: ${pipeline}`} verb="Release" disabled={problems.some(Boolean)} onConfirm={go} onDone={onDone}>
      <Alert type="info">The most recent change of each source runs through the pipeline, unless you choose another one.</Alert>
      {variables.map((each, index) => (
        <FormField
          key={each.name}
          label={each.name}
          description={each.description}
          constraintText={each.defaultValue === undefined ? "Needed: it has no default." : `Without a value: ${each.defaultValue}`}
          errorText={values[each.name] === undefined ? undefined : problems[index]}
        >
          <Input
            value={values[each.name] ?? ""}
            placeholder={each.defaultValue}
            onChange={(event) => setValues({ ...values, [each.name]: event.detail.value })}
          />
        </FormField>
      ))}
      {overrides.length > 0 && (
        <ExpandableSection headerText="Source revisions" defaultExpanded={variables.length === 0}>
          <SpaceBetween size="m">
            {overrides.map((each) => (
              <FormField key={each.key} label={`${each.action}: ${each.label}`} description={each.says}>
                <Input
                  value={chosen[each.key] ?? ""}
                  placeholder={placeholder(each)}
                  onChange={(event) => setChosen({ ...chosen, [each.key]: event.detail.value })}
                />
              </FormField>
            ))}
          </SpaceBetween>
        </ExpandableSection>
      )}
    </Confirm>
  );
}

function placeholder(override: Override): string {
  return override.type === "S3_OBJECT_KEY" ? (override.now ?? "") : "The latest";
}

/** A token that is the same for the same words only: a token used again with others is refused. */
async function tokenFor(token: string, words: string): Promise<string> {
  let sum = 0;
  for (let index = 0; index < words.length; index += 1) sum = (sum * 31 + words.charCodeAt(index)) | 0;
  return `${token}-${(sum >>> 0).toString(16)}`;
}
