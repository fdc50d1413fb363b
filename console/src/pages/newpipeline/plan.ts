/** What will be done, call by call, in order. Pure. */

import type { Input, Operation, Service } from "../../api/client";
import type { ActionDeclaration, PipelineDeclaration } from "../../api/models/codepipeline";
import { type Draft, type NewProject, type Place, bucketName, declarationOf, projectRoleName, roleName } from "./draft";
import { pipelinePolicy, projectPolicy, trust } from "./policies";

/** One call. */
export interface Step {
  /** The same as long as the same thing is made. */
  id: string;
  /** What is there afterwards, for people. */
  what: string;
  service: Service;
  operation: string;
  params: object;
  /** Whether it makes something, so that it is not done again; what sets something is done again. */
  makes: boolean;
  /** The stage and action that it is for, if it is for one. */
  stage?: number;
  action?: number;
  field?: string;
}

export interface Plan {
  steps: Step[];
  bucket: { name: string; made: boolean };
  declaration: PipelineDeclaration;
}

/** Everything in order; the pipeline is last. `known` are the buckets that are there. */
export function planOf(draft: Draft, place: Place, known: string[]): Plan {
  const bucket = bucketName(draft, place, known);
  const declaration = declarationOf(draft, place, bucket.name);
  const steps: Step[] = [];
  if (bucket.made) steps.push(...bucketSteps(bucket.name, place));
  draft.stages.forEach(({ stage, skipped, projects }, index) => {
    if (skipped) return;
    for (const [at, project] of Object.entries(projects)) {
      const action = stage.actions[Number(at)];
      if (action) steps.push(...projectSteps(project, bucket.name, action, place, { stage: index, action: Number(at) }));
    }
  });
  if (draft.role.kind === "new") steps.push(...roleSteps(roleName(draft, place), declaration, place));
  steps.push(
    step(
      `pipeline:${draft.name}`,
      `the pipeline ${draft.name}`,
      "codepipeline",
      "CreatePipeline",
      { pipeline: declaration },
      true,
    ),
  );
  return { steps, bucket, declaration };
}

function step<S extends Service, O extends Operation<S>>(
  id: string,
  what: string,
  service: S,
  operation: O,
  params: Input<S, O>,
  makes: boolean,
): Step {
  return { id, what, service, operation, params: params as object, makes };
}

function bucketSteps(name: string, { region }: Place): Step[] {
  const elsewhere = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } };
  const closed = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  return [
    {
      ...step(`bucket:${name}`, `the bucket ${name}`, "s3", "CreateBucket", { Bucket: name, ...elsewhere }, true),
      field: "bucket",
    },
    step(
      `versioning:${name}`,
      `the versioning of the bucket ${name}`,
      "s3",
      "PutBucketVersioning",
      { Bucket: name, VersioningConfiguration: { Status: "Enabled" } },
      false,
    ),
    step(
      `closed:${name}`,
      `the block of public access to the bucket ${name}`,
      "s3",
      "PutPublicAccessBlock",
      { Bucket: name, PublicAccessBlockConfiguration: closed },
      false,
    ),
  ];
}

function roleSteps(name: string, declaration: PipelineDeclaration, place: Place): Step[] {
  const description = `What the pipeline ${declaration.name} works as`;
  return newRole(name, "codepipeline", description, pipelinePolicy(declaration, place)).map((each) => ({
    ...each,
    field: "roleName",
  }));
}

function newRole(name: string, service: string, description: string, policy: object): Step[] {
  return [
    step(
      `role:${name}`,
      `the role ${name}`,
      "iam",
      "CreateRole",
      {
        Path: "/service-role/",
        RoleName: name,
        Description: description,
        AssumeRolePolicyDocument: JSON.stringify(trust(service)),
      },
      true,
    ),
    step(
      `policy:${name}`,
      `the policy of the role ${name}`,
      "iam",
      "PutRolePolicy",
      { RoleName: name, PolicyName: "work", PolicyDocument: JSON.stringify(policy) },
      false,
    ),
  ];
}

function projectSteps(
  project: NewProject,
  bucket: string,
  action: ActionDeclaration,
  place: Place,
  where: { stage: number; action: number },
): Step[] {
  const name = projectRoleName(project);
  const role = project.roleArn || `arn:aws:iam::${place.account}:role/service-role/${name}`;
  const policy = projectPolicy(project, bucket, action, place);
  const roles = project.roleArn ? [] : newRole(name, "codebuild", `What builds of ${project.name} work as`, policy);
  const made = step(
    `project:${project.name}`,
    `the build project ${project.name}`,
    "codebuild",
    "CreateProject",
    projectParams(project, role),
    true,
  );
  return [...roles, made].map((each) => ({ ...each, ...where, field: "configuration.ProjectName" }));
}

function projectParams(project: NewProject, role: string): Input<"codebuild", "CreateProject"> {
  const { buildspec } = project;
  return {
    name: project.name,
    source: { type: "CODEPIPELINE", buildspec: buildspec.kind === "file" ? buildspec.path || "buildspec.yml" : buildspec.text },
    artifacts: { type: "CODEPIPELINE" },
    environment: { type: "LINUX_CONTAINER", image: project.image, computeType: project.computeType as "BUILD_GENERAL1_SMALL" },
    serviceRole: role,
  };
}
