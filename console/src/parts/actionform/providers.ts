/** How well-known providers are shown: names, labels, order, and what helps to fill a field. What may be filled in says the type. */

/** What helps to fill a field. Without one it is a text, a number or a yes or no, as the type says. */
export type Helper =
  | "repository"
  | "branch"
  | "bucket"
  | "key"
  | "project"
  | "pipeline"
  | "role"
  | "environment"
  | "detection"
  | "input"
  | "json"
  | "text"
  | "hidden";

export interface Look {
  label?: string;
  description?: string;
  helper?: Helper;
  placeholder?: string;
  /** All values that may be chosen, with what they are called. */
  choices?: { value: string; label: string; description?: string; disabled?: boolean }[];
  /** What an absent value means, if it means one of them. */
  otherwise?: string;
  /** What is put in when the provider is chosen. */
  initial?: string;
}

export interface Provider {
  title: string;
  description?: string;
  /** In the order in which they are shown; others of the type follow. */
  fields: Record<string, Look>;
}

const DETECTION: Look = {
  label: "Change detection",
  helper: "detection",
  description: "This server follows the source itself: a change starts the pipeline at once, without a rule or a schedule.",
};

const ACLS = [
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
].map((value) => ({ value, label: value }));

const CODEBUILD: Provider = {
  title: "AWS CodeBuild",
  description: "Runs a build project on the input artifacts.",
  fields: {
    ProjectName: { label: "Project name", description: "", helper: "project" },
    PrimarySource: {
      label: "Primary artifact",
      helper: "input",
      description: "The one that has the buildspec; needed with several input artifacts.",
    },
    EnvironmentVariables: {
      label: "Environment variables",
      helper: "environment",
      description: "Given to this action's builds, over those of the project. Secrets belong into Secrets Manager or parameters.",
    },
    BatchEnabled: {
      label: "Build type",
      description: "",
      otherwise: "false",
      choices: [
        { value: "false", label: "Single build" },
        { value: "true", label: "Batch build", description: "Not run by this server yet.", disabled: true },
      ],
    },
    CombineArtifacts: { label: "Combine all artifacts of a batch into one" },
  },
};

const PROVIDERS: Record<string, Provider> = {
  "Source/AWS/CodeCommit/1": {
    title: "AWS CodeCommit",
    description: "A branch of a Git repository of this server.",
    fields: {
      RepositoryName: { label: "Repository name", description: "", helper: "repository" },
      BranchName: { label: "Branch name", helper: "branch" },
      PollForSourceChanges: DETECTION,
      OutputArtifactFormat: {
        label: "Output artifact format",
        description: "",
        otherwise: "CODE_ZIP",
        choices: [
          {
            value: "CODE_ZIP",
            label: "CodePipeline default",
            description: "A zip of the files of the commit, without Git's data.",
          },
          {
            value: "CODEBUILD_CLONE_REF",
            label: "Full clone",
            description: "Not given by this server yet.",
            disabled: true,
          },
        ],
      },
    },
  },
  "Source/AWS/S3/1": {
    title: "Amazon S3",
    description: "An object in a bucket with versions, as a rule a zip.",
    fields: {
      S3Bucket: { label: "Bucket", helper: "bucket", description: "Its versioning has to be on." },
      S3ObjectKey: { label: "S3 object key", helper: "key", placeholder: "source.zip" },
      PollForSourceChanges: DETECTION,
      AllowOverrideForS3ObjectKey: { label: "Allow another key when an execution is started" },
    },
  },
  "Build/AWS/CodeBuild/1": CODEBUILD,
  "Test/AWS/CodeBuild/1": CODEBUILD,
  "Rule/AWS/CodeBuild/1": CODEBUILD,
  "Compute/AWS/Commands/1": {
    title: "Commands",
    description: "Shell commands on the input artifacts, without a build project.",
    fields: {
      EnvironmentType: {
        label: "Environment type",
        description: "",
        otherwise: "LINUX_CONTAINER",
        choices: [{ value: "LINUX_CONTAINER", label: "Linux" }],
      },
      ComputeType: {
        label: "Compute type",
        description: "",
        otherwise: "BUILD_GENERAL1_SMALL",
        choices: ["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"].map((value) => ({
          value,
          label: value,
        })),
      },
      VpcId: { helper: "hidden" },
      Subnets: { helper: "hidden" },
      SecurityGroupIds: { helper: "hidden" },
    },
  },
  "Approval/AWS/Manual/1": {
    title: "Manual approval",
    description: "Waits until a person approves or rejects.",
    fields: {
      CustomData: { label: "Comments", helper: "text", description: "What the reviewer should know. May use variables." },
      ExternalEntityLink: { label: "URL for review", placeholder: "https://" },
      NotificationArn: {
        label: "SNS topic ARN",
        placeholder: "arn:aws:sns:…",
        description: "A topic that is told that an approval is needed.",
      },
    },
  },
  "Deploy/AWS/S3/1": {
    title: "Amazon S3",
    description: "Puts the input artifact into a bucket. Nothing in the bucket is deleted.",
    fields: {
      BucketName: { label: "Bucket", helper: "bucket" },
      Extract: {
        label: "Extract file before deploy",
        description: "Each file of the artifact becomes an object. Otherwise the zip becomes one object.",
        initial: "true",
      },
      ObjectKey: {
        label: "S3 object key",
        description:
          "Needed without extraction. With it, the path that all keys begin with. {datetime} and {uuid} are filled in.",
      },
      CannedACL: { label: "Canned ACL", choices: ACLS },
      CacheControl: { label: "Cache control", placeholder: "public, max-age=0, no-transform" },
      KMSEncryptionKeyARN: { label: "KMS encryption key ARN" },
    },
  },
  "Invoke/AWS/CodePipeline/1": {
    title: "AWS CodePipeline",
    description: "Starts another pipeline and, if the role may look at it, waits for its end.",
    fields: {
      PipelineName: { label: "Pipeline name", helper: "pipeline" },
      Variables: { label: "Variables", helper: "json", placeholder: '[{"name": "VERSION", "value": "1"}]' },
      SourceRevisions: {
        label: "Source revision overrides",
        helper: "json",
        placeholder: '[{"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "…"}]',
      },
    },
  },
  "Rule/AWS/Commands/1": { title: "Commands", description: "Succeeds when all commands do.", fields: {} },
  "Rule/AWS/VariableCheck/1": {
    title: "Variable check",
    description: "Compares a variable with a value.",
    fields: {
      Variable: { placeholder: "#{SourceVariables.BranchName}" },
      Operator: {
        choices: [
          { value: "EQ", label: "Equals" },
          { value: "NE", label: "Not equals" },
          { value: "CONTAINS", label: "Contains" },
          { value: "MATCHES", label: "Matches", description: "A regular expression for the whole text." },
        ],
      },
      Value: {},
    },
  },
  "Rule/AWS/DeploymentWindow/1": {
    title: "Deployment window",
    description: "Succeeds in the minutes that a cron expression names.",
    fields: {
      Cron: { label: "Cron expression", placeholder: "* * 9-16 ? * MON-FRI" },
      TimeZone: { label: "Time zone", placeholder: "UTC" },
    },
  },
  "Rule/AWS/LambdaInvoke/1": {
    title: "AWS Lambda",
    description: "Succeeds when a function returns without an error.",
    fields: { FunctionName: { label: "Function name" }, UserParameters: { label: "User parameters", helper: "text" } },
  },
  "Rule/AWS/CloudWatchAlarm/1": {
    title: "CloudWatch alarm",
    description: "Succeeds when an alarm is in a wanted state.",
    fields: {
      AlarmName: { label: "Alarm name" },
      AlarmStates: { label: "Alarm states", placeholder: "OK,INSUFFICIENT_DATA" },
      WaitTime: { label: "Wait time in minutes" },
    },
  },
};

/** How a type is shown; types of others are shown by what they say about themselves. */
export function providerOf(key: string): Provider {
  return PROVIDERS[key] ?? { title: key.split("/")[2] ?? key, fields: {} };
}

/** A property's name as words: ObjectKey becomes "Object key", S3ObjectKey "S3 object key". */
export function words(name: string): string {
  const parts = name.replace(/[_-]+/g, " ").match(/[A-Z0-9]{2,}(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+/g) ?? [name];
  return parts.map((each, index) => (index > 0 && !/^[A-Z0-9]{2,}$/.test(each) ? each.toLowerCase() : each)).join(" ");
}
