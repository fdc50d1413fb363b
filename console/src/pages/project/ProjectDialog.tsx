/** Making or changing a build project. */

import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import type { CreateProjectInput, EnvironmentVariable, Project, SourceType } from "../../api/models/codebuild";
import { useAction, useListing } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";

const SOURCES: SourceType[] = ["CODEPIPELINE", "CODECOMMIT", "S3", "GITHUB", "GITHUB_ENTERPRISE", "BITBUCKET", "GITLAB", "NO_SOURCE"];
const TYPES = ["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"];

export function ProjectDialog({ project, onDone }: { project?: Project; onDone: (name?: string) => void }) {
  const [name, setName] = useState(project?.name ?? "");
  const [description, setDescription] = useState(project?.description ?? "");
  const [source, setSource] = useState<SourceType>((project?.source?.type as SourceType) ?? "CODEPIPELINE");
  const [location, setLocation] = useState(project?.source?.location ?? "");
  const [buildspec, setBuildspec] = useState(project?.source?.buildspec ?? "");
  const [image, setImage] = useState(project?.environment?.image ?? "aws/codebuild/standard:7.0");
  const [role, setRole] = useState(project?.serviceRole ?? "");
  const [variables, setVariables] = useState<EnvironmentVariable[]>(project?.environment?.environmentVariables ?? []);
  const roles = useListing("iam", "ListRoles", {}, (page) => [page.Roles, page.Marker], { token: "Marker" });
  const create = useAction("codebuild", "CreateProject");
  const update = useAction("codebuild", "UpdateProject");
  const fromPipeline = source === "CODEPIPELINE";
  const save = () => {
    const wanted: CreateProjectInput = {
      name,
      description,
      source: {
        ...(project?.source?.type === source ? project.source : {}),
        type: source,
        ...(fromPipeline || source === "NO_SOURCE" ? {} : { location }),
        ...(buildspec ? { buildspec } : {}),
      },
      artifacts: project?.artifacts ?? { type: fromPipeline ? "CODEPIPELINE" : "NO_ARTIFACTS" },
      environment: {
        ...(project?.environment ?? { type: "LINUX_CONTAINER", computeType: "BUILD_GENERAL1_SMALL" }),
        image,
        environmentVariables: variables,
      },
      serviceRole: role,
    };
    return project ? update.mutateAsync(wanted) : create.mutateAsync(wanted);
  };
  const change = (at: number, changes: Partial<EnvironmentVariable>) =>
    setVariables(variables.map((each, index) => (index === at ? { ...each, ...changes } : each)));
  let made = false;
  return (
    <Confirm
      title={project ? `Change ${project.name}` : "Create build project"}
      verb={project ? "Save" : "Create"}
      size="large"
      disabled={!name || !role || !image}
      onConfirm={async () => {
        await save();
        made = true;
      }}
      onDone={() => onDone(made ? name : undefined)}
    >
      <SpaceBetween size="m">
        <FormField label="Name" constraintText="Letters, digits, - and _; 2 to 150 characters.">
          <Input value={name} disabled={Boolean(project)} onChange={(event) => setName(event.detail.value)} />
        </FormField>
        <FormField label="Description">
          <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
        </FormField>
        <FormField label="Source" description="CODEPIPELINE builds what a pipeline's action hands it.">
          <Select
            selectedOption={{ value: source, label: source }}
            options={SOURCES.map((value) => ({ value, label: value }))}
            onChange={(event) => setSource(event.detail.selectedOption.value as SourceType)}
          />
        </FormField>
        {!fromPipeline && source !== "NO_SOURCE" && (
          <FormField label="Location" description="The URL of the repository, or bucket/key.">
            <Input value={location} onChange={(event) => setLocation(event.detail.value)} />
          </FormField>
        )}
        <FormField label="Buildspec" description="A file name in the source, or the buildspec itself. Empty: buildspec.yml.">
          <Textarea rows={6} value={buildspec} spellcheck={false} onChange={(event) => setBuildspec(event.detail.value)} />
        </FormField>
        <FormField label="Image">
          <Input value={image} onChange={(event) => setImage(event.detail.value)} />
        </FormField>
        <FormField label="Service role" description="Builds run with the rights of this role.">
          {roles.data ? (
            <Select
              selectedOption={role ? { value: role, label: role } : null}
              placeholder="Choose a role"
              filteringType="auto"
              options={roles.data.map((each) => ({ value: each.Arn, label: each.RoleName, description: each.Arn }))}
              onChange={(event) => setRole(event.detail.selectedOption.value ?? "")}
            />
          ) : (
            <Input value={role} placeholder="arn:aws:iam::…:role/…" onChange={(event) => setRole(event.detail.value)} />
          )}
        </FormField>
        <FormField label="Environment variables" stretch>
          <AttributeEditor
            items={variables}
            addButtonText="Add variable"
            removeButtonText="Remove"
            empty="None"
            onAddButtonClick={() => setVariables([...variables, { name: "", value: "", type: "PLAINTEXT" }])}
            onRemoveButtonClick={(event) => setVariables(variables.filter((_, at) => at !== event.detail.itemIndex))}
            definition={[
              {
                label: "Name",
                control: (each, at) => <Input value={each.name} onChange={(event) => change(at, { name: event.detail.value })} />,
              },
              {
                label: "Value",
                control: (each, at) => <Input value={each.value} onChange={(event) => change(at, { value: event.detail.value })} />,
              },
              {
                label: "Type",
                control: (each, at) => (
                  <Select
                    selectedOption={{ value: each.type ?? "PLAINTEXT", label: each.type ?? "PLAINTEXT" }}
                    options={TYPES.map((value) => ({ value, label: value }))}
                    onChange={(event) => change(at, { type: event.detail.selectedOption.value as EnvironmentVariable["type"] })}
                  />
                ),
              },
            ]}
          />
        </FormField>
      </SpaceBetween>
    </Confirm>
  );
}
