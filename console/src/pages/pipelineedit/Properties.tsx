/** Pipeline properties: type, mode, role, artifact store, variables. */

import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { ExecutionMode, PipelineType } from "../../api/models/codepipeline";
import { BucketPicker, RolePicker } from "../../parts/actionform/pickers";
import { Variables } from "./Variables";
import { placeId, useDraft, useProblem } from "./draft";
import { setProperties } from "./edits";
import { within } from "./problems";
import { MODES } from "./words";

const TYPES: { value: PipelineType; label: string }[] = [
  { value: "V2", label: "V2" },
  { value: "V1", label: "V1 (without variables, triggers, modes and conditions)" },
];
const PLACES = ["pipelineType", "executionMode", "roleArn", "artifactStore", "artifactStores", "variables"];

export function Properties() {
  const { document, problems } = useDraft();
  const wrong = PLACES.some((each) => within(problems, [each]).length > 0);
  const mode = MODES.find((each) => each.value === (document.executionMode ?? "SUPERSEDED"))?.label;
  const count = document.variables?.length ?? 0;
  return (
    <div id="at-properties">
      <ExpandableSection
        variant="container"
        headerText="Pipeline properties"
        headerDescription={`${document.pipelineType ?? "V1"}, ${mode?.toLowerCase()}, ${count} ${count === 1 ? "variable" : "variables"}`}
        {...(wrong ? { expanded: true } : {})}
      >
        <SpaceBetween size="l">
          <Fields />
          <Variables />
        </SpaceBetween>
      </ExpandableSection>
    </div>
  );
}

function Fields() {
  const { document, apply } = useDraft();
  const type = document.pipelineType ?? "V1";
  return (
    <ColumnLayout columns={2}>
      <div id={placeId(["pipelineType"])}>
        <FormField label="Pipeline type" errorText={useProblem(["pipelineType"])}>
          <Select
            selectedOption={TYPES.find((each) => each.value === type) ?? null}
            options={TYPES}
            onChange={({ detail }) =>
              apply(setProperties(document, { pipelineType: detail.selectedOption.value as PipelineType }), "Change the pipeline type")
            }
          />
        </FormField>
      </div>
      <div id={placeId(["roleArn"])}>
        <FormField label="Service role" description="The pipeline works as this role." errorText={useProblem(["roleArn"])}>
          <RolePicker
            service="codepipeline.amazonaws.com"
            value={document.roleArn}
            onChange={(roleArn) => apply(setProperties(document, { roleArn }), "Change the service role", "roleArn")}
          />
        </FormField>
      </div>
      <div id={placeId(["executionMode"])}>
        <FormField label="Execution mode" errorText={useProblem(["executionMode"])}>
          <RadioGroup
            value={document.executionMode ?? "SUPERSEDED"}
            items={MODES}
            onChange={({ detail }) =>
              apply(setProperties(document, { executionMode: detail.value as ExecutionMode }), "Change the execution mode")
            }
          />
        </FormField>
      </div>
      <Store />
    </ColumnLayout>
  );
}

function Store() {
  const { document, apply } = useDraft();
  const problem = [useProblem(["artifactStore"]), useProblem(["artifactStores"])].find(Boolean);
  const { artifactStore: store, artifactStores: stores } = document;
  return (
    <div id={placeId(["artifactStore"])}>
      <FormField label="Artifact store" description="The bucket that keeps what actions hand to each other." errorText={problem}>
        {stores ? (
          <Box>
            {Object.entries(stores)
              .map(([region, each]) => `${region}: ${each.location}`)
              .join(", ")}{" "}
            <Box variant="span" color="text-body-secondary">
              (edit these as JSON)
            </Box>
          </Box>
        ) : (
          <BucketPicker
            value={store?.location ?? ""}
            onChange={(location) =>
              apply(
                setProperties(document, { artifactStore: { type: "S3", ...store, location } }),
                "Change the artifact store",
                "artifactStore",
              )
            }
          />
        )}
      </FormField>
    </div>
  );
}
