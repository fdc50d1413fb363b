/** Policies that the console writes for people. */

type Statement = Record<string, unknown>;

/** A document as text. */
export function policy(...statements: Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2);
}

/** Something to begin with. */
export const STARTER = policy({
  Effect: "Allow",
  Action: ["codepipeline:ListPipelines", "codepipeline:GetPipelineState"],
  Resource: "*",
});

/** Seeing a pipeline, and answering one of its approvals: the right is asked for on the action, by its exact ARN. */
export function approver(pipelineArn: string, stage: string, action: string): string {
  const reading = ["GetPipeline", "GetPipelineState", "GetPipelineExecution", "ListPipelineExecutions", "ListActionExecutions"];
  return policy(
    { Sid: "Find", Effect: "Allow", Action: "codepipeline:ListPipelines", Resource: "*" },
    { Sid: "Read", Effect: "Allow", Action: reading.map((each) => `codepipeline:${each}`), Resource: pipelineArn },
    { Sid: "Approve", Effect: "Allow", Action: "codepipeline:PutApprovalResult", Resource: `${pipelineArn}/${stage}/${action}` },
  );
}

/** Who may take a role: a service, or people by their ARNs (an account's number leaves it to the account's policies). */
export function trust(principal: { Service: string } | { AWS: string | string[] }): string {
  return policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
}

/** Services that take roles here. */
export const SERVICES: { service: string; label: string; description: string }[] = [
  { service: "codepipeline.amazonaws.com", label: "CodePipeline", description: "A pipeline, or one of its actions" },
  { service: "codebuild.amazonaws.com", label: "CodeBuild", description: "A build project" },
];

const KNOWN: Record<string, string> = {
  AWSCodePipelineApproverAccess: "See all pipelines and answer all approvals.",
  AWSCodePipeline_ReadOnlyAccess: "See pipelines and their runs, change nothing.",
  AWSCodePipeline_FullAccess: "Everything with pipelines: create, change, start, stop, approve, delete.",
  AWSCodePipelineCustomActionAccess: "What a worker of custom actions needs.",
  AdministratorAccess: "Everything on everything.",
  PowerUserAccess: "Everything except users, groups, roles and policies.",
  ReadOnlyAccess: "Read in every service; values in Secrets Manager excepted.",
  AWSCodeBuildAdminAccess: "Everything with build projects and builds.",
  AWSCodeBuildDeveloperAccess: "Run builds and read what came out.",
  AWSCodeBuildReadOnlyAccess: "See projects, builds and their logs.",
  AWSCodeCommitFullAccess: "Everything with repositories.",
  AWSCodeCommitPowerUser: "Everything with repositories except deleting them.",
  AWSCodeCommitReadOnly: "Read repositories.",
  IAMFullAccess: "Manage users, groups, roles and policies.",
  IAMReadOnlyAccess: "See users, groups, roles and policies.",
  IAMUserChangePassword: "Change one's own password.",
  IAMSelfManageServiceSpecificCredentials: "Manage one's own passwords for git.",
  AmazonS3FullAccess: "Everything with buckets and objects.",
  AmazonS3ReadOnlyAccess: "Read buckets and objects.",
  CloudWatchLogsFullAccess: "Everything with logs.",
  CloudWatchLogsReadOnlyAccess: "Read logs.",
  SecretsManagerReadWrite: "Everything with secrets, their values included.",
  AmazonSSMFullAccess: "Everything with parameters.",
  AmazonSSMReadOnlyAccess: "Read parameters, values included.",
};

/** What a managed policy of AWS lets people do, where it is one that is often wanted. */
export function inShort(name: string): string | undefined {
  return KNOWN[name];
}
