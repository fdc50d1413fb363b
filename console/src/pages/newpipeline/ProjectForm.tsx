/** A build project that is made together with the pipeline. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";

import { useCall } from "../../api/queries";
import { Optional } from "../../parts/actionform/PropertyField";
import type { Errors } from "../../parts/actionform/check";
import "../../parts/actionform/typed.css";
import { RolePicker } from "../../parts/actionform/pickers";
import { type NewProject, projectRoleName } from "./draft";

const BUILDSPEC = `version: 0.2
phases:
  build:
    commands:
      - echo "Replace this with what builds your source"
artifacts:
  files:
    - '**/*'
`;
const SIZES = ["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"];

/** A project with nothing but a name. */
export function newProject(name: string): NewProject {
  return {
    name,
    buildspec: { kind: "file", path: "buildspec.yml" },
    image: "aws/codebuild/standard:7.0",
    computeType: SIZES[0],
    roleArn: "",
  };
}

interface Props {
  value: NewProject;
  onChange: (value: NewProject) => void;
  onCancel: () => void;
  errors: Errors;
}

export function ProjectForm({ value, onChange, onCancel, errors }: Props) {
  const set = (change: Partial<NewProject>) => onChange({ ...value, ...change });
  const { buildspec } = value;
  return (
    <Container
      header={
        <Header
          variant="h3"
          description="It is made together with the pipeline."
          actions={<Button onClick={onCancel}>Choose one that is there</Button>}
        >
          New build project
        </Header>
      }
    >
      <SpaceBetween size="l">
        <FormField label="Project name" errorText={errors["configuration.ProjectName"]}>
          <Input
            value={value.name}
            onChange={({ detail }) => set({ name: detail.value })}
            spellcheck={false}
            autoComplete={false}
          />
        </FormField>
        <FormField label="Build specifications">
          <RadioGroup
            value={buildspec.kind}
            onChange={({ detail }) =>
              set({
                buildspec:
                  detail.value === "file" ? { kind: "file", path: "buildspec.yml" } : { kind: "inline", text: BUILDSPEC },
              })
            }
            items={[
              { value: "file", label: "Use a buildspec file", description: "It lies in the source." },
              { value: "inline", label: "Insert build commands", description: "They are kept in the project." },
            ]}
          />
        </FormField>
        {buildspec.kind === "file" ? (
          <FormField label={<Optional>Buildspec name</Optional>}>
            <Input
              value={buildspec.path}
              onChange={({ detail }) => set({ buildspec: { kind: "file", path: detail.value } })}
              placeholder="buildspec.yml"
              spellcheck={false}
            />
          </FormField>
        ) : (
          <FormField label="Buildspec" description="YAML." errorText={errors["project.buildspec"]} stretch>
            <div className="as-typed">
              <Textarea
                value={buildspec.text}
                onChange={({ detail }) => set({ buildspec: { kind: "inline", text: detail.value } })}
                rows={12}
                spellcheck={false}
              />
            </div>
          </FormField>
        )}
        <Environment value={value} set={set} />
        <FormField
          label={<Optional>Service role</Optional>}
          description={`Without one the role ${projectRoleName(value)} is made, with what this project needs.`}
          errorText={errors["project.roleArn"]}
        >
          <RolePicker value={value.roleArn} onChange={(roleArn) => set({ roleArn })} service="codebuild.amazonaws.com" />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function Environment({ value, set }: { value: NewProject; set: (change: Partial<NewProject>) => void }) {
  const found = useCall("codebuild", "ListCuratedEnvironmentImages", {});
  const images = (found.data?.platforms ?? [])
    .flatMap((platform) => platform.languages ?? [])
    .flatMap((language) => language.images ?? [])
    .map((image) => ({ value: image.name ?? "", label: image.name, description: image.description }));
  const options = images.some((each) => each.value === value.image)
    ? images
    : [{ value: value.image, label: value.image }, ...images];
  const sizes = SIZES.map((each) => ({ value: each, label: each }));
  return (
    <>
      <FormField label="Image">
        <Select
          options={options}
          selectedOption={options.find((each) => each.value === value.image) ?? null}
          onChange={({ detail }) => set({ image: detail.selectedOption.value ?? value.image })}
          expandToViewport
        />
      </FormField>
      <FormField label="Compute">
        <Select
          options={sizes}
          selectedOption={sizes.find((each) => each.value === value.computeType) ?? null}
          onChange={({ detail }) => set({ computeType: detail.selectedOption.value ?? value.computeType })}
          expandToViewport
        />
      </FormField>
    </>
  );
}
