/** The least that roles need for what was chosen. Pure. */

import type { ActionDeclaration, PipelineDeclaration } from "../../api/models/codepipeline";
import { parseVariables } from "../../parts/actionform/environment";
import type { NewProject, Place } from "./draft";

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string[];
}

export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** Who may assume a role: a service. */
export function trust(service: string): object {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" }],
  };
}

/** What the service role of a pipeline may do. Actions with a role of their own need nothing but to assume it. */
export function pipelinePolicy(pipeline: PipelineDeclaration, place: Place): Policy {
  const stores = pipeline.artifactStore ? [pipeline.artifactStore] : Object.values(pipeline.artifactStores ?? {});
  const found = [
    allow(
      "ArtifactBucket",
      ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
      stores.map((each) => bucket(each.location)),
    ),
    allow(
      "Artifacts",
      ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      stores.map((each) => `${bucket(each.location)}/*`),
    ),
  ];
  const keys = stores.flatMap((each) => (each.encryptionKey?.id.startsWith("arn:") ? [each.encryptionKey.id] : []));
  if (keys.length)
    found.push(
      allow("ArtifactKey", ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"], keys),
    );
  for (const stage of pipeline.stages) {
    for (const action of stage.actions) found.push(...ofAction(action, pipeline.name, place));
    for (const rule of [stage.beforeEntry, stage.onSuccess, stage.onFailure]
      .flatMap((each) => each?.conditions ?? [])
      .flatMap((each) => each.rules ?? [])) {
      const { category, provider } = rule.ruleTypeId;
      const id = { category: "Build" as const, owner: "AWS" as const, provider, version: "1" };
      if (category === "Rule") found.push(...ofRule(provider, rule.configuration ?? {}, place));
      found.push(...ofAction({ ...rule, actionTypeId: id, name: rule.name }, pipeline.name, place));
    }
  }
  return { Version: "2012-10-17", Statement: merged(found) };
}

function ofRule(provider: string, given: Record<string, string>, place: Place): Statement[] {
  if (provider === "LambdaInvoke")
    return [allow("Functions", ["lambda:InvokeFunction"], [arn("lambda", place, `function:${given.FunctionName}`)])];
  if (provider === "CloudWatchAlarm") return [allow("Alarms", ["cloudwatch:DescribeAlarms"], ["*"])];
  return [];
}

function ofAction(action: ActionDeclaration, pipeline: string, place: Place): Statement[] {
  if (action.roleArn) return [allow("ActionRoles", ["sts:AssumeRole"], [action.roleArn])];
  const given = action.configuration ?? {};
  const { category, owner, provider } = action.actionTypeId;
  if (owner !== "AWS") return [];
  switch (`${category}/${provider}`) {
    case "Source/CodeCommit":
      return [
        allow(
          "SourceRepositories",
          ["GetBranch", "GetCommit", "GetRepository", "UploadArchive", "GetUploadArchiveStatus", "CancelUploadArchive"].map(
            (each) => `codecommit:${each}`,
          ),
          [arn("codecommit", place, given.RepositoryName)],
        ),
      ];
    case "Source/S3":
      return [
        allow(
          "SourceBuckets",
          ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
          [bucket(given.S3Bucket)],
        ),
        allow(
          "SourceObjects",
          ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
          [`${bucket(given.S3Bucket)}/${given.AllowOverrideForS3ObjectKey === "true" ? "*" : given.S3ObjectKey}`],
        ),
      ];
    case "Build/CodeBuild":
    case "Test/CodeBuild": {
      const batch =
        given.BatchEnabled === "true" ? ["StartBuildBatch", "BatchGetBuildBatches", "StopBuildBatch", "RetryBuildBatch"] : [];
      const actions = ["StartBuild", "BatchGetBuilds", "StopBuild", ...batch].map((each) => `codebuild:${each}`);
      return [allow("Builds", actions, [arn("codebuild", place, `project/${given.ProjectName}`)])];
    }
    case "Compute/Commands":
    case "Build/Commands": {
      const group = arn("logs", place, `log-group:/aws/codepipeline/${pipeline}`);
      return [
        allow("Logs", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], [group, `${group}:*`]),
        ...secrets(
          (action.environmentVariables ?? []).filter((each) => each.type === "SECRETS_MANAGER").map((each) => each.value),
          place,
        ),
      ];
    }
    case "Deploy/S3":
      return [
        allow(
          "DeployObjects",
          ["s3:PutObject", ...(given.CannedACL ? ["s3:PutObjectAcl"] : [])],
          [`${bucket(given.BucketName)}/*`],
        ),
        allow("DeployBuckets", ["s3:ListBucket", "s3:GetBucketLocation"], [bucket(given.BucketName)]),
      ];
    case "Approval/Manual":
      return given.NotificationArn ? [allow("ApprovalTopics", ["sns:Publish"], [given.NotificationArn])] : [];
    case "Invoke/CodePipeline":
      return [
        allow(
          "Pipelines",
          ["codepipeline:StartPipelineExecution", "codepipeline:GetPipelineExecution"],
          [arn("codepipeline", place, given.PipelineName)],
        ),
      ];
  }
  return [];
}

/** What the role of a build project may do: write its log, take and give artifacts, read the secrets that the action names. */
export function projectPolicy(project: NewProject, bucketName: string, action: ActionDeclaration, place: Place): Policy {
  const group = arn("logs", place, `log-group:/aws/codebuild/${project.name}`);
  const given = parseVariables(action.configuration?.EnvironmentVariables ?? "") ?? [];
  const parameters = given.filter((each) => each.type === "PARAMETER_STORE");
  const found = [
    allow("Logs", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], [group, `${group}:*`]),
    allow("Artifacts", ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], [`${bucket(bucketName)}/*`]),
    allow("ArtifactBucket", ["s3:GetBucketAcl", "s3:GetBucketLocation"], [bucket(bucketName)]),
    ...secrets(
      given.filter((each) => each.type === "SECRETS_MANAGER").map((each) => each.value),
      place,
    ),
  ];
  if (parameters.length)
    found.push(
      allow(
        "Parameters",
        ["ssm:GetParameters"],
        parameters.map((each) => arn("ssm", place, `parameter/${each.value.replace(/^\//, "")}`)),
      ),
    );
  return { Version: "2012-10-17", Statement: merged(found) };
}

function secrets(values: string[], place: Place): Statement[] {
  const named = (value: string) =>
    value.startsWith("arn:")
      ? value.split(":").slice(0, 7).join(":")
      : arn("secretsmanager", place, `secret:${value.split(":")[0]}-??????`);
  return values.length ? [allow("Secrets", ["secretsmanager:GetSecretValue"], values.map(named))] : [];
}

function allow(Sid: string, Action: string[], Resource: string[]): Statement {
  // What is known only when the pipeline runs can be anything.
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource: Resource.map((each) => each.replace(/#\{[^}]*\}/g, "*").replace(/\*{2,}/g, "*")),
  };
}

function bucket(name: string | undefined): string {
  return `arn:aws:s3:::${name ?? ""}`;
}

function arn(service: string, { region, account }: Place, resource: string | undefined): string {
  return `arn:aws:${service}:${region}:${account}:${resource ?? ""}`;
}

/** Statements of the same kind as one. */
function merged(statements: Statement[]): Statement[] {
  const found = new Map<string, Statement>();
  for (const each of statements) {
    const before = found.get(each.Sid);
    const join = (a: string[] | undefined, b: string[]) => [...new Set([...(a ?? []), ...b])];
    found.set(each.Sid, { ...each, Action: join(before?.Action, each.Action), Resource: join(before?.Resource, each.Resource) });
  }
  return [...found.values()];
}
