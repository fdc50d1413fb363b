// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  BatchDeleteBuilds: [BatchDeleteBuildsInput, BatchDeleteBuildsOutput];
  BatchGetBuilds: [BatchGetBuildsInput, BatchGetBuildsOutput];
  BatchGetProjects: [BatchGetProjectsInput, BatchGetProjectsOutput];
  CreateProject: [CreateProjectInput, CreateProjectOutput];
  DeleteProject: [DeleteProjectInput, DeleteProjectOutput];
  DeleteSourceCredentials: [DeleteSourceCredentialsInput, DeleteSourceCredentialsOutput];
  ImportSourceCredentials: [ImportSourceCredentialsInput, ImportSourceCredentialsOutput];
  InvalidateProjectCache: [InvalidateProjectCacheInput, InvalidateProjectCacheOutput];
  ListBuilds: [ListBuildsInput, ListBuildsOutput];
  ListBuildsForProject: [ListBuildsForProjectInput, ListBuildsForProjectOutput];
  ListCuratedEnvironmentImages: [ListCuratedEnvironmentImagesInput, ListCuratedEnvironmentImagesOutput];
  ListProjects: [ListProjectsInput, ListProjectsOutput];
  ListSourceCredentials: [ListSourceCredentialsInput, ListSourceCredentialsOutput];
  RetryBuild: [RetryBuildInput, RetryBuildOutput];
  StartBuild: [StartBuildInput, StartBuildOutput];
  StopBuild: [StopBuildInput, StopBuildOutput];
  UpdateProject: [UpdateProjectInput, UpdateProjectOutput];
}

export interface AutoRetryConfig {
  autoRetryLimit?: number;
  autoRetryNumber?: number;
  nextAutoRetry?: string;
  previousAutoRetry?: string;
}

export interface BatchDeleteBuildsInput {
  ids: string[];
}

export interface BatchDeleteBuildsOutput {
  buildsDeleted?: string[];
  buildsNotDeleted?: BuildNotDeleted[];
}

export interface BatchGetBuildsInput {
  ids: string[];
}

export interface BatchGetBuildsOutput {
  builds?: Build[];
  buildsNotFound?: string[];
}

export interface BatchGetProjectsInput {
  names: string[];
}

export interface BatchGetProjectsOutput {
  projects?: Project[];
  projectsNotFound?: string[];
}

export interface BatchRestrictions {
  maximumBuildsAllowed?: number;
  computeTypesAllowed?: string[];
  fleetsAllowed?: string[];
}

export interface Build {
  id?: string;
  arn?: string;
  buildNumber?: number;
  startTime?: number;
  endTime?: number;
  currentPhase?: string;
  buildStatus?: StatusType;
  sourceVersion?: string;
  resolvedSourceVersion?: string;
  projectName?: string;
  phases?: BuildPhase[];
  source?: ProjectSource;
  secondarySources?: ProjectSource[];
  secondarySourceVersions?: ProjectSourceVersion[];
  artifacts?: BuildArtifacts;
  secondaryArtifacts?: BuildArtifacts[];
  cache?: ProjectCache;
  environment?: ProjectEnvironment;
  serviceRole?: string;
  logs?: LogsLocation;
  timeoutInMinutes?: number;
  queuedTimeoutInMinutes?: number;
  buildComplete?: boolean;
  initiator?: string;
  vpcConfig?: VpcConfig;
  networkInterface?: NetworkInterface;
  encryptionKey?: string;
  exportedEnvironmentVariables?: ExportedEnvironmentVariable[];
  reportArns?: string[];
  fileSystemLocations?: ProjectFileSystemLocation[];
  debugSession?: DebugSession;
  buildBatchArn?: string;
  autoRetryConfig?: AutoRetryConfig;
}

export interface BuildArtifacts {
  location?: string;
  sha256sum?: string;
  md5sum?: string;
  overrideArtifactName?: boolean;
  encryptionDisabled?: boolean;
  artifactIdentifier?: string;
  bucketOwnerAccess?: BucketOwnerAccess;
}

export interface BuildNotDeleted {
  id?: string;
  statusCode?: string;
}

export interface BuildPhase {
  phaseType?: BuildPhaseType;
  phaseStatus?: StatusType;
  startTime?: number;
  endTime?: number;
  durationInSeconds?: number;
  contexts?: PhaseContext[];
}

export interface BuildStatusConfig {
  context?: string;
  targetUrl?: string;
}

export interface CloudWatchLogsConfig {
  status: LogsConfigStatusType;
  groupName?: string;
  streamName?: string;
}

export interface ComputeConfiguration {
  vCpu?: number;
  memory?: number;
  disk?: number;
  machineType?: MachineType;
  instanceType?: string;
}

export interface CreateProjectInput {
  name: string;
  description?: string;
  source: ProjectSource;
  secondarySources?: ProjectSource[];
  sourceVersion?: string;
  secondarySourceVersions?: ProjectSourceVersion[];
  artifacts: ProjectArtifacts;
  secondaryArtifacts?: ProjectArtifacts[];
  cache?: ProjectCache;
  environment: ProjectEnvironment;
  serviceRole: string;
  timeoutInMinutes?: number;
  queuedTimeoutInMinutes?: number;
  encryptionKey?: string;
  tags?: Tag[];
  vpcConfig?: VpcConfig;
  badgeEnabled?: boolean;
  logsConfig?: LogsConfig;
  fileSystemLocations?: ProjectFileSystemLocation[];
  buildBatchConfig?: ProjectBuildBatchConfig;
  concurrentBuildLimit?: number;
  autoRetryLimit?: number;
}

export interface CreateProjectOutput {
  project?: Project;
}

export interface DebugSession {
  sessionEnabled?: boolean;
  sessionTarget?: string;
}

export interface DeleteProjectInput {
  name: string;
}

export interface DeleteProjectOutput {
}

export interface DeleteSourceCredentialsInput {
  arn: string;
}

export interface DeleteSourceCredentialsOutput {
  arn?: string;
}

export interface DockerServer {
  computeType: ComputeType;
  securityGroupIds?: string[];
  status?: DockerServerStatus;
}

export interface DockerServerStatus {
  status?: string;
  message?: string;
}

export interface EnvironmentImage {
  name?: string;
  description?: string;
  versions?: string[];
}

export interface EnvironmentLanguage {
  language?: LanguageType;
  images?: EnvironmentImage[];
}

export interface EnvironmentPlatform {
  platform?: PlatformType;
  languages?: EnvironmentLanguage[];
}

export interface EnvironmentVariable {
  name: string;
  value: string;
  type?: EnvironmentVariableType;
}

export interface ExportedEnvironmentVariable {
  name?: string;
  value?: string;
}

export interface GitSubmodulesConfig {
  fetchSubmodules: boolean;
}

export interface ImportSourceCredentialsInput {
  username?: string;
  token: string;
  serverType: ServerType;
  authType: AuthType;
  shouldOverwrite?: boolean;
}

export interface ImportSourceCredentialsOutput {
  arn?: string;
}

export interface InvalidateProjectCacheInput {
  projectName: string;
}

export interface InvalidateProjectCacheOutput {
}

export interface ListBuildsForProjectInput {
  projectName: string;
  sortOrder?: SortOrderType;
  nextToken?: string;
}

export interface ListBuildsForProjectOutput {
  ids?: string[];
  nextToken?: string;
}

export interface ListBuildsInput {
  sortOrder?: SortOrderType;
  nextToken?: string;
}

export interface ListBuildsOutput {
  ids?: string[];
  nextToken?: string;
}

export interface ListCuratedEnvironmentImagesInput {
}

export interface ListCuratedEnvironmentImagesOutput {
  platforms?: EnvironmentPlatform[];
}

export interface ListProjectsInput {
  sortBy?: ProjectSortByType;
  sortOrder?: SortOrderType;
  nextToken?: string;
}

export interface ListProjectsOutput {
  nextToken?: string;
  projects?: string[];
}

export interface ListSourceCredentialsInput {
}

export interface ListSourceCredentialsOutput {
  sourceCredentialsInfos?: SourceCredentialsInfo[];
}

export interface LogsConfig {
  cloudWatchLogs?: CloudWatchLogsConfig;
  s3Logs?: S3LogsConfig;
}

export interface LogsLocation {
  groupName?: string;
  streamName?: string;
  deepLink?: string;
  s3DeepLink?: string;
  cloudWatchLogsArn?: string;
  s3LogsArn?: string;
  cloudWatchLogs?: CloudWatchLogsConfig;
  s3Logs?: S3LogsConfig;
}

export interface NetworkInterface {
  subnetId?: string;
  networkInterfaceId?: string;
}

export interface PhaseContext {
  statusCode?: string;
  message?: string;
}

export interface Project {
  name?: string;
  arn?: string;
  description?: string;
  source?: ProjectSource;
  secondarySources?: ProjectSource[];
  sourceVersion?: string;
  secondarySourceVersions?: ProjectSourceVersion[];
  artifacts?: ProjectArtifacts;
  secondaryArtifacts?: ProjectArtifacts[];
  cache?: ProjectCache;
  environment?: ProjectEnvironment;
  serviceRole?: string;
  timeoutInMinutes?: number;
  queuedTimeoutInMinutes?: number;
  encryptionKey?: string;
  tags?: Tag[];
  created?: number;
  lastModified?: number;
  webhook?: Webhook;
  vpcConfig?: VpcConfig;
  badge?: ProjectBadge;
  logsConfig?: LogsConfig;
  fileSystemLocations?: ProjectFileSystemLocation[];
  buildBatchConfig?: ProjectBuildBatchConfig;
  concurrentBuildLimit?: number;
  projectVisibility?: ProjectVisibilityType;
  publicProjectAlias?: string;
  resourceAccessRole?: string;
  autoRetryLimit?: number;
}

export interface ProjectArtifacts {
  type: ArtifactsType;
  location?: string;
  path?: string;
  namespaceType?: ArtifactNamespace;
  name?: string;
  packaging?: ArtifactPackaging;
  overrideArtifactName?: boolean;
  encryptionDisabled?: boolean;
  artifactIdentifier?: string;
  bucketOwnerAccess?: BucketOwnerAccess;
}

export interface ProjectBadge {
  badgeEnabled?: boolean;
  badgeRequestUrl?: string;
}

export interface ProjectBuildBatchConfig {
  serviceRole?: string;
  combineArtifacts?: boolean;
  restrictions?: BatchRestrictions;
  timeoutInMins?: number;
  batchReportMode?: BatchReportModeType;
}

export interface ProjectCache {
  type: CacheType;
  location?: string;
  modes?: CacheMode[];
  cacheNamespace?: string;
}

export interface ProjectEnvironment {
  type: EnvironmentType;
  image: string;
  computeType: ComputeType;
  computeConfiguration?: ComputeConfiguration;
  fleet?: ProjectFleet;
  environmentVariables?: EnvironmentVariable[];
  privilegedMode?: boolean;
  certificate?: string;
  registryCredential?: RegistryCredential;
  imagePullCredentialsType?: ImagePullCredentialsType;
  dockerServer?: DockerServer;
  hostKernel?: HostKernel;
}

export interface ProjectFileSystemLocation {
  type?: FileSystemType;
  location?: string;
  mountPoint?: string;
  identifier?: string;
  mountOptions?: string;
}

export interface ProjectFleet {
  fleetArn?: string;
}

export interface ProjectSource {
  type: SourceType;
  location?: string;
  gitCloneDepth?: number;
  gitSubmodulesConfig?: GitSubmodulesConfig;
  buildspec?: string;
  auth?: SourceAuth;
  reportBuildStatus?: boolean;
  buildStatusConfig?: BuildStatusConfig;
  insecureSsl?: boolean;
  sourceIdentifier?: string;
}

export interface ProjectSourceVersion {
  sourceIdentifier: string;
  sourceVersion: string;
}

export interface PullRequestBuildPolicy {
  requiresCommentApproval: PullRequestBuildCommentApproval;
  approverRoles?: PullRequestBuildApproverRole[];
}

export interface RegistryCredential {
  credential: string;
  credentialProvider: CredentialProviderType;
}

export interface RetryBuildInput {
  id?: string;
  idempotencyToken?: string;
}

export interface RetryBuildOutput {
  build?: Build;
}

export interface S3LogsConfig {
  status: LogsConfigStatusType;
  location?: string;
  encryptionDisabled?: boolean;
  bucketOwnerAccess?: BucketOwnerAccess;
}

export interface ScopeConfiguration {
  name: string;
  domain?: string;
  scope: WebhookScopeType;
}

export interface SourceAuth {
  type: SourceAuthType;
  resource?: string;
}

export interface SourceCredentialsInfo {
  arn?: string;
  serverType?: ServerType;
  authType?: AuthType;
  resource?: string;
}

export interface StartBuildInput {
  projectName: string;
  secondarySourcesOverride?: ProjectSource[];
  secondarySourcesVersionOverride?: ProjectSourceVersion[];
  sourceVersion?: string;
  artifactsOverride?: ProjectArtifacts;
  secondaryArtifactsOverride?: ProjectArtifacts[];
  environmentVariablesOverride?: EnvironmentVariable[];
  sourceTypeOverride?: SourceType;
  sourceLocationOverride?: string;
  sourceAuthOverride?: SourceAuth;
  gitCloneDepthOverride?: number;
  gitSubmodulesConfigOverride?: GitSubmodulesConfig;
  buildspecOverride?: string;
  insecureSslOverride?: boolean;
  reportBuildStatusOverride?: boolean;
  buildStatusConfigOverride?: BuildStatusConfig;
  environmentTypeOverride?: EnvironmentType;
  imageOverride?: string;
  computeTypeOverride?: ComputeType;
  certificateOverride?: string;
  cacheOverride?: ProjectCache;
  serviceRoleOverride?: string;
  privilegedModeOverride?: boolean;
  timeoutInMinutesOverride?: number;
  queuedTimeoutInMinutesOverride?: number;
  encryptionKeyOverride?: string;
  idempotencyToken?: string;
  logsConfigOverride?: LogsConfig;
  registryCredentialOverride?: RegistryCredential;
  imagePullCredentialsTypeOverride?: ImagePullCredentialsType;
  debugSessionEnabled?: boolean;
  fleetOverride?: ProjectFleet;
  autoRetryLimitOverride?: number;
  hostKernelOverride?: HostKernel;
}

export interface StartBuildOutput {
  build?: Build;
}

export interface StopBuildInput {
  id: string;
}

export interface StopBuildOutput {
  build?: Build;
}

export interface Tag {
  key?: string;
  value?: string;
}

export interface UpdateProjectInput {
  name: string;
  description?: string;
  source?: ProjectSource;
  secondarySources?: ProjectSource[];
  sourceVersion?: string;
  secondarySourceVersions?: ProjectSourceVersion[];
  artifacts?: ProjectArtifacts;
  secondaryArtifacts?: ProjectArtifacts[];
  cache?: ProjectCache;
  environment?: ProjectEnvironment;
  serviceRole?: string;
  timeoutInMinutes?: number;
  queuedTimeoutInMinutes?: number;
  encryptionKey?: string;
  tags?: Tag[];
  vpcConfig?: VpcConfig;
  badgeEnabled?: boolean;
  logsConfig?: LogsConfig;
  fileSystemLocations?: ProjectFileSystemLocation[];
  buildBatchConfig?: ProjectBuildBatchConfig;
  concurrentBuildLimit?: number;
  autoRetryLimit?: number;
}

export interface UpdateProjectOutput {
  project?: Project;
}

export interface VpcConfig {
  vpcId?: string;
  subnets?: string[];
  securityGroupIds?: string[];
}

export interface Webhook {
  url?: string;
  payloadUrl?: string;
  secret?: string;
  branchFilter?: string;
  filterGroups?: WebhookFilter[][];
  buildType?: WebhookBuildType;
  manualCreation?: boolean;
  lastModifiedSecret?: number;
  scopeConfiguration?: ScopeConfiguration;
  status?: WebhookStatus;
  statusMessage?: string;
  pullRequestBuildPolicy?: PullRequestBuildPolicy;
}

export interface WebhookFilter {
  type: WebhookFilterType;
  pattern: string;
  excludeMatchedPattern?: boolean;
}

export type ArtifactNamespace = "NONE" | "BUILD_ID";

export type ArtifactPackaging = "NONE" | "ZIP";

export type ArtifactsType = "CODEPIPELINE" | "S3" | "NO_ARTIFACTS";

export type AuthType = "OAUTH" | "BASIC_AUTH" | "PERSONAL_ACCESS_TOKEN" | "CODECONNECTIONS" | "SECRETS_MANAGER";

export type BatchReportModeType = "REPORT_INDIVIDUAL_BUILDS" | "REPORT_AGGREGATED_BATCH";

export type BucketOwnerAccess = "NONE" | "READ_ONLY" | "FULL";

export type BuildPhaseType = "SUBMITTED" | "QUEUED" | "PROVISIONING" | "DOWNLOAD_SOURCE" | "INSTALL" | "PRE_BUILD" | "BUILD" | "POST_BUILD" | "UPLOAD_ARTIFACTS" | "FINALIZING" | "COMPLETED";

export type CacheMode = "LOCAL_DOCKER_LAYER_CACHE" | "LOCAL_SOURCE_CACHE" | "LOCAL_CUSTOM_CACHE";

export type CacheType = "NO_CACHE" | "S3" | "LOCAL";

export type ComputeType = "BUILD_GENERAL1_SMALL" | "BUILD_GENERAL1_MEDIUM" | "BUILD_GENERAL1_LARGE" | "BUILD_GENERAL1_XLARGE" | "BUILD_GENERAL1_2XLARGE" | "BUILD_LAMBDA_1GB" | "BUILD_LAMBDA_2GB" | "BUILD_LAMBDA_4GB" | "BUILD_LAMBDA_8GB" | "BUILD_LAMBDA_10GB" | "ATTRIBUTE_BASED_COMPUTE" | "CUSTOM_INSTANCE_TYPE";

export type CredentialProviderType = "SECRETS_MANAGER";

export type EnvironmentType = "WINDOWS_CONTAINER" | "LINUX_CONTAINER" | "LINUX_GPU_CONTAINER" | "ARM_CONTAINER" | "WINDOWS_SERVER_2019_CONTAINER" | "WINDOWS_SERVER_2022_CONTAINER" | "LINUX_LAMBDA_CONTAINER" | "ARM_LAMBDA_CONTAINER" | "LINUX_EC2" | "ARM_EC2" | "WINDOWS_EC2" | "MAC_ARM";

export type EnvironmentVariableType = "PLAINTEXT" | "PARAMETER_STORE" | "SECRETS_MANAGER";

export type FileSystemType = "EFS";

export type HostKernel = "LINUX_KERNEL_4" | "LINUX_KERNEL_6" | "LINUX_KERNEL_LATEST";

export type ImagePullCredentialsType = "CODEBUILD" | "SERVICE_ROLE";

export type LanguageType = "JAVA" | "PYTHON" | "NODE_JS" | "RUBY" | "GOLANG" | "DOCKER" | "ANDROID" | "DOTNET" | "BASE" | "PHP";

export type LogsConfigStatusType = "ENABLED" | "DISABLED";

export type MachineType = "GENERAL" | "NVME";

export type PlatformType = "DEBIAN" | "AMAZON_LINUX" | "UBUNTU" | "WINDOWS_SERVER";

export type ProjectSortByType = "NAME" | "CREATED_TIME" | "LAST_MODIFIED_TIME";

export type ProjectVisibilityType = "PUBLIC_READ" | "PRIVATE";

export type PullRequestBuildApproverRole = "GITHUB_READ" | "GITHUB_TRIAGE" | "GITHUB_WRITE" | "GITHUB_MAINTAIN" | "GITHUB_ADMIN" | "GITLAB_GUEST" | "GITLAB_PLANNER" | "GITLAB_REPORTER" | "GITLAB_DEVELOPER" | "GITLAB_MAINTAINER" | "GITLAB_OWNER" | "BITBUCKET_READ" | "BITBUCKET_WRITE" | "BITBUCKET_ADMIN";

export type PullRequestBuildCommentApproval = "DISABLED" | "ALL_PULL_REQUESTS" | "FORK_PULL_REQUESTS";

export type ServerType = "GITHUB" | "BITBUCKET" | "GITHUB_ENTERPRISE" | "GITLAB" | "GITLAB_SELF_MANAGED";

export type SortOrderType = "ASCENDING" | "DESCENDING";

export type SourceAuthType = "OAUTH" | "CODECONNECTIONS" | "SECRETS_MANAGER";

export type SourceType = "CODECOMMIT" | "CODEPIPELINE" | "GITHUB" | "GITLAB" | "GITLAB_SELF_MANAGED" | "S3" | "BITBUCKET" | "GITHUB_ENTERPRISE" | "NO_SOURCE";

export type StatusType = "SUCCEEDED" | "FAILED" | "FAULT" | "TIMED_OUT" | "IN_PROGRESS" | "STOPPED";

export type WebhookBuildType = "BUILD" | "BUILD_BATCH" | "RUNNER_BUILDKITE_BUILD";

export type WebhookFilterType = "EVENT" | "BASE_REF" | "HEAD_REF" | "ACTOR_ACCOUNT_ID" | "FILE_PATH" | "COMMIT_MESSAGE" | "WORKFLOW_NAME" | "TAG_NAME" | "RELEASE_NAME" | "REPOSITORY_NAME" | "ORGANIZATION_NAME";

export type WebhookScopeType = "GITHUB_ORGANIZATION" | "GITHUB_GLOBAL" | "GITLAB_GROUP";

export type WebhookStatus = "CREATING" | "CREATE_FAILED" | "ACTIVE" | "DELETING";
