/** The first step: name, type, mode, service role, variables, artifact store. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { useMay, may } from "../../api/may";
import { Optional } from "../../parts/actionform/PropertyField";
import type { Errors } from "../../parts/actionform/check";
import { BucketPicker, RolePicker } from "../../parts/actionform/pickers";
import { type Draft, type Place, bucketName, roleName } from "./draft";

interface Props {
  draft: Draft;
  place: Place;
  set: (change: Partial<Draft>) => void;
  errors: Errors;
  buckets: string[];
}

export function SettingsStep(props: Props) {
  return (
    <SpaceBetween size="l">
      <General {...props} />
      {props.draft.type === "V2" && <Variables {...props} />}
      <Advanced {...props} />
    </SpaceBetween>
  );
}

function General({ draft, place, set, errors }: Props) {
  const [denied] = useMay([
    may("iam", "CreateRole", { RoleName: "AWSCodePipelineServiceRole", AssumeRolePolicyDocument: "{}", Path: "/service-role/" }),
  ]);
  return (
    <Container header={<Header variant="h2">Pipeline settings</Header>}>
      <SpaceBetween size="l">
        <FormField label="Pipeline name" constraintText="At most 100 letters, digits, and . @ - _" errorText={errors.name}>
          <Input
            value={draft.name}
            onChange={({ detail }) => set({ name: detail.value })}
            spellcheck={false}
            autoComplete={false}
          />
        </FormField>
        <FormField label="Pipeline type">
          <RadioGroup
            value={draft.type}
            onChange={({ detail }) => set({ type: detail.value as Draft["type"] })}
            items={[
              { value: "V2", label: "V2", description: "With variables, execution modes, conditions and commands." },
              { value: "V1", label: "V1", description: "Stages and actions only." },
            ]}
          />
        </FormField>
        {draft.type === "V2" && (
          <FormField
            label="Execution mode"
            description="What happens when an execution begins while another one runs."
            errorText={errors.executionMode}
          >
            <RadioGroup
              value={draft.mode}
              onChange={({ detail }) => set({ mode: detail.value as Draft["mode"] })}
              items={[
                { value: "SUPERSEDED", label: "Superseded", description: "A newer execution overtakes older ones that wait." },
                { value: "QUEUED", label: "Queued", description: "One after the other, in the order of their start." },
                { value: "PARALLEL", label: "Parallel", description: "All at once, independently of each other." },
              ]}
            />
          </FormField>
        )}
        <FormField
          label="Service role"
          description="What the pipeline works as."
          errorText={draft.role.kind === "new" ? errors.roleArn : undefined}
        >
          <RadioGroup
            value={draft.role.kind}
            onChange={({ detail }) => set({ role: { ...draft.role, kind: detail.value as "new" | "existing" } })}
            items={[
              {
                value: "new",
                label: "New service role",
                description: denied || "A role is made that may do what the actions of this pipeline need, and nothing else.",
                disabled: Boolean(denied) && draft.role.kind !== "new",
              },
              { value: "existing", label: "Existing service role" },
            ]}
          />
        </FormField>
        {draft.role.kind === "new" ? (
          <FormField label="Role name" errorText={errors.roleName}>
            <Input
              value={draft.role.name || (draft.name ? roleName(draft, place) : "")}
              onChange={({ detail }) => set({ role: { ...draft.role, name: detail.value } })}
              placeholder={`AWSCodePipelineServiceRole-${place.region}-…`}
              spellcheck={false}
              autoComplete={false}
            />
          </FormField>
        ) : (
          <FormField label="Role ARN" errorText={errors.roleArn}>
            <RolePicker
              value={draft.role.arn}
              onChange={(arn) => set({ role: { ...draft.role, arn } })}
              service="codepipeline.amazonaws.com"
            />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Variables({ draft, set, errors }: Props) {
  const change = (index: number, part: Partial<Draft["variables"][number]>) =>
    set({ variables: draft.variables.map((each, at) => (at === index ? { ...each, ...part } : each)) });
  const cell = (name: "name" | "defaultValue" | "description") => (item: Draft["variables"][number], index: number) => (
    <Input value={item[name] ?? ""} onChange={({ detail }) => change(index, { [name]: detail.value })} spellcheck={false} />
  );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Values that are given when an execution is started. Actions read them as #{variables.NAME}."
        >
          Variables
        </Header>
      }
    >
      <FormField errorText={errors.variables} stretch>
        <AttributeEditor
          items={draft.variables}
          addButtonText="Add variable"
          removeButtonText="Remove"
          removeButtonAriaLabel={(item) => `Remove ${item.name || "the variable"}`}
          disableAddButton={draft.variables.length >= 50}
          empty="No variables"
          onAddButtonClick={() => set({ variables: [...draft.variables, { name: "" }] })}
          onRemoveButtonClick={({ detail }) => set({ variables: draft.variables.filter((_, at) => at !== detail.itemIndex) })}
          definition={[
            { label: "Name", control: cell("name") },
            { label: "Default value", control: cell("defaultValue") },
            { label: "Description", control: cell("description") },
          ]}
        />
      </FormField>
    </Container>
  );
}

function Advanced({ draft, place, set, errors, buckets }: Props) {
  const usual = bucketName({ ...draft, store: { ...draft.store, kind: "default" } }, place, buckets);
  const own = draft.rest?.artifactStores !== undefined;
  return (
    <ExpandableSection
      variant="container"
      headerText="Advanced settings"
      headerDescription="Where artifacts are kept, and how they are encrypted."
      {...(errors.bucket || errors.artifactStore ? { expanded: true } : { defaultExpanded: draft.store.kind === "custom" })}
    >
      {own ? (
        `The artifact stores of ${draft.cloned} are taken as they are.`
      ) : (
        <SpaceBetween size="l">
          <FormField label="Artifact store" errorText={errors.artifactStore}>
            <RadioGroup
              value={draft.store.kind}
              onChange={({ detail }) => set({ store: { ...draft.store, kind: detail.value as "default" | "custom" } })}
              items={[
                {
                  value: "default",
                  label: "Default location",
                  description: usual.made
                    ? `A new bucket ${usual.name} is made, with versions.`
                    : `The bucket ${usual.name}, which is there.`,
                },
                { value: "custom", label: "Custom location", description: "A bucket that is there." },
              ]}
            />
          </FormField>
          {draft.store.kind === "custom" && (
            <FormField label="Bucket" errorText={errors.bucket}>
              <BucketPicker value={draft.store.bucket} onChange={(bucket) => set({ store: { ...draft.store, bucket } })} />
            </FormField>
          )}
          <FormField
            label={<Optional>Customer managed key</Optional>}
            description="The ARN, id or alias of a key that encrypts artifacts. The default key of the server without it."
            errorText={errors.encryptionKey}
          >
            <Input
              value={draft.key}
              onChange={({ detail }) => set({ key: detail.value })}
              placeholder="arn:aws:kms:…"
              spellcheck={false}
            />
          </FormField>
        </SpaceBetween>
      )}
    </ExpandableSection>
  );
}
