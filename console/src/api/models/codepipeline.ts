// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  AcknowledgeJob: [AcknowledgeJobInput, AcknowledgeJobOutput];
  AcknowledgeThirdPartyJob: [AcknowledgeThirdPartyJobInput, AcknowledgeThirdPartyJobOutput];
  CreateCustomActionType: [CreateCustomActionTypeInput, CreateCustomActionTypeOutput];
  CreatePipeline: [CreatePipelineInput, CreatePipelineOutput];
  DeleteCustomActionType: [DeleteCustomActionTypeInput, object];
  DeletePipeline: [DeletePipelineInput, object];
  DeleteWebhook: [DeleteWebhookInput, DeleteWebhookOutput];
  DeregisterWebhookWithThirdParty: [DeregisterWebhookWithThirdPartyInput, DeregisterWebhookWithThirdPartyOutput];
  DisableStageTransition: [DisableStageTransitionInput, object];
  EnableStageTransition: [EnableStageTransitionInput, object];
  GetActionType: [GetActionTypeInput, GetActionTypeOutput];
  GetJobDetails: [GetJobDetailsInput, GetJobDetailsOutput];
  GetPipeline: [GetPipelineInput, GetPipelineOutput];
  GetPipelineExecution: [GetPipelineExecutionInput, GetPipelineExecutionOutput];
  GetPipelineState: [GetPipelineStateInput, GetPipelineStateOutput];
  GetThirdPartyJobDetails: [GetThirdPartyJobDetailsInput, GetThirdPartyJobDetailsOutput];
  ListActionExecutions: [ListActionExecutionsInput, ListActionExecutionsOutput];
  ListActionTypes: [ListActionTypesInput, ListActionTypesOutput];
  ListDeployActionExecutionTargets: [ListDeployActionExecutionTargetsInput, ListDeployActionExecutionTargetsOutput];
  ListPipelineExecutions: [ListPipelineExecutionsInput, ListPipelineExecutionsOutput];
  ListPipelines: [ListPipelinesInput, ListPipelinesOutput];
  ListRuleExecutions: [ListRuleExecutionsInput, ListRuleExecutionsOutput];
  ListRuleTypes: [ListRuleTypesInput, ListRuleTypesOutput];
  ListTagsForResource: [ListTagsForResourceInput, ListTagsForResourceOutput];
  ListWebhooks: [ListWebhooksInput, ListWebhooksOutput];
  OverrideStageCondition: [OverrideStageConditionInput, object];
  PollForJobs: [PollForJobsInput, PollForJobsOutput];
  PollForThirdPartyJobs: [PollForThirdPartyJobsInput, PollForThirdPartyJobsOutput];
  PutActionRevision: [PutActionRevisionInput, PutActionRevisionOutput];
  PutApprovalResult: [PutApprovalResultInput, PutApprovalResultOutput];
  PutJobFailureResult: [PutJobFailureResultInput, object];
  PutJobSuccessResult: [PutJobSuccessResultInput, object];
  PutThirdPartyJobFailureResult: [PutThirdPartyJobFailureResultInput, object];
  PutThirdPartyJobSuccessResult: [PutThirdPartyJobSuccessResultInput, object];
  PutWebhook: [PutWebhookInput, PutWebhookOutput];
  RegisterWebhookWithThirdParty: [RegisterWebhookWithThirdPartyInput, RegisterWebhookWithThirdPartyOutput];
  RetryStageExecution: [RetryStageExecutionInput, RetryStageExecutionOutput];
  RollbackStage: [RollbackStageInput, RollbackStageOutput];
  StartPipelineExecution: [StartPipelineExecutionInput, StartPipelineExecutionOutput];
  StopPipelineExecution: [StopPipelineExecutionInput, StopPipelineExecutionOutput];
  TagResource: [TagResourceInput, TagResourceOutput];
  UntagResource: [UntagResourceInput, UntagResourceOutput];
  UpdateActionType: [UpdateActionTypeInput, object];
  UpdatePipeline: [UpdatePipelineInput, UpdatePipelineOutput];
}

export interface AWSSessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export interface AcknowledgeJobInput {
  jobId: string;
  nonce: string;
}

export interface AcknowledgeJobOutput {
  status?: JobStatus;
}

export interface AcknowledgeThirdPartyJobInput {
  jobId: string;
  nonce: string;
  clientToken: string;
}

export interface AcknowledgeThirdPartyJobOutput {
  status?: JobStatus;
}

export interface ActionConfiguration {
  configuration?: Record<string, string>;
}

export interface ActionConfigurationProperty {
  name: string;
  required: boolean;
  key: boolean;
  secret: boolean;
  queryable?: boolean;
  description?: string;
  type?: ActionConfigurationPropertyType;
}

export interface ActionContext {
  name?: string;
  actionExecutionId?: string;
}

export interface ActionDeclaration {
  name: string;
  actionTypeId: ActionTypeId;
  runOrder?: number;
  configuration?: Record<string, string>;
  commands?: string[];
  outputArtifacts?: OutputArtifact[];
  inputArtifacts?: InputArtifact[];
  outputVariables?: string[];
  roleArn?: string;
  region?: string;
  namespace?: string;
  timeoutInMinutes?: number;
  environmentVariables?: EnvironmentVariable[];
}

export interface ActionExecution {
  actionExecutionId?: string;
  status?: ActionExecutionStatus;
  summary?: string;
  lastStatusChange?: number;
  token?: string;
  lastUpdatedBy?: string;
  externalExecutionId?: string;
  externalExecutionUrl?: string;
  percentComplete?: number;
  errorDetails?: ErrorDetails;
  logStreamARN?: string;
}

export interface ActionExecutionDetail {
  pipelineExecutionId?: string;
  actionExecutionId?: string;
  pipelineVersion?: number;
  stageName?: string;
  actionName?: string;
  startTime?: number;
  lastUpdateTime?: number;
  updatedBy?: string;
  status?: ActionExecutionStatus;
  input?: ActionExecutionInput;
  output?: ActionExecutionOutput;
}

export interface ActionExecutionFilter {
  pipelineExecutionId?: string;
  latestInPipelineExecution?: LatestInPipelineExecutionFilter;
}

export interface ActionExecutionInput {
  actionTypeId?: ActionTypeId;
  configuration?: Record<string, string>;
  resolvedConfiguration?: Record<string, string>;
  roleArn?: string;
  region?: string;
  inputArtifacts?: ArtifactDetail[];
  namespace?: string;
}

export interface ActionExecutionOutput {
  outputArtifacts?: ArtifactDetail[];
  executionResult?: ActionExecutionResult;
  outputVariables?: Record<string, string>;
}

export interface ActionExecutionResult {
  externalExecutionId?: string;
  externalExecutionSummary?: string;
  externalExecutionUrl?: string;
  errorDetails?: ErrorDetails;
  logStreamARN?: string;
}

export interface ActionRevision {
  revisionId: string;
  revisionChangeId: string;
  created: number;
}

export interface ActionState {
  actionName?: string;
  currentRevision?: ActionRevision;
  latestExecution?: ActionExecution;
  entityUrl?: string;
  revisionUrl?: string;
}

export interface ActionType {
  id: ActionTypeId;
  settings?: ActionTypeSettings;
  actionConfigurationProperties?: ActionConfigurationProperty[];
  inputArtifactDetails: ArtifactDetails;
  outputArtifactDetails: ArtifactDetails;
}

export interface ActionTypeArtifactDetails {
  minimumCount: number;
  maximumCount: number;
}

export interface ActionTypeDeclaration {
  description?: string;
  executor: ActionTypeExecutor;
  id: ActionTypeIdentifier;
  inputArtifactDetails: ActionTypeArtifactDetails;
  outputArtifactDetails: ActionTypeArtifactDetails;
  permissions?: ActionTypePermissions;
  properties?: ActionTypeProperty[];
  urls?: ActionTypeUrls;
}

export interface ActionTypeExecutor {
  configuration: ExecutorConfiguration;
  type: ExecutorType;
  policyStatementsTemplate?: string;
  jobTimeout?: number;
}

export interface ActionTypeId {
  category: ActionCategory;
  owner: ActionOwner;
  provider: string;
  version: string;
}

export interface ActionTypeIdentifier {
  category: ActionCategory;
  owner: string;
  provider: string;
  version: string;
}

export interface ActionTypePermissions {
  allowedAccounts: string[];
}

export interface ActionTypeProperty {
  name: string;
  optional: boolean;
  key: boolean;
  noEcho: boolean;
  queryable?: boolean;
  description?: string;
}

export interface ActionTypeSettings {
  thirdPartyConfigurationUrl?: string;
  entityUrlTemplate?: string;
  executionUrlTemplate?: string;
  revisionUrlTemplate?: string;
}

export interface ActionTypeUrls {
  configurationUrl?: string;
  entityUrlTemplate?: string;
  executionUrlTemplate?: string;
  revisionUrlTemplate?: string;
}

export interface ApprovalResult {
  summary: string;
  status: ApprovalStatus;
}

export interface Artifact {
  name?: string;
  revision?: string;
  location?: ArtifactLocation;
}

export interface ArtifactDetail {
  name?: string;
  s3location?: S3Location;
}

export interface ArtifactDetails {
  minimumCount: number;
  maximumCount: number;
}

export interface ArtifactLocation {
  type?: ArtifactLocationType;
  s3Location?: S3ArtifactLocation;
}

export interface ArtifactRevision {
  name?: string;
  revisionId?: string;
  revisionChangeIdentifier?: string;
  revisionSummary?: string;
  created?: number;
  revisionUrl?: string;
}

export interface ArtifactStore {
  type: ArtifactStoreType;
  location: string;
  encryptionKey?: EncryptionKey;
}

export interface BeforeEntryConditions {
  conditions: Condition[];
}

export interface BlockerDeclaration {
  name: string;
  type: BlockerType;
}

export interface Condition {
  result?: Result;
  rules?: RuleDeclaration[];
}

export interface ConditionExecution {
  status?: ConditionExecutionStatus;
  summary?: string;
  lastStatusChange?: number;
}

export interface ConditionState {
  latestExecution?: ConditionExecution;
  ruleStates?: RuleState[];
}

export interface CreateCustomActionTypeInput {
  category: ActionCategory;
  provider: string;
  version: string;
  settings?: ActionTypeSettings;
  configurationProperties?: ActionConfigurationProperty[];
  inputArtifactDetails: ArtifactDetails;
  outputArtifactDetails: ArtifactDetails;
  tags?: Tag[];
}

export interface CreateCustomActionTypeOutput {
  actionType: ActionType;
  tags?: Tag[];
}

export interface CreatePipelineInput {
  pipeline: PipelineDeclaration;
  tags?: Tag[];
}

export interface CreatePipelineOutput {
  pipeline?: PipelineDeclaration;
  tags?: Tag[];
}

export interface CurrentRevision {
  revision: string;
  changeIdentifier: string;
  created?: number;
  revisionSummary?: string;
}

export interface DeleteCustomActionTypeInput {
  category: ActionCategory;
  provider: string;
  version: string;
}

export interface DeletePipelineInput {
  name: string;
}

export interface DeleteWebhookInput {
  name: string;
}

export interface DeleteWebhookOutput {
}

export interface DeployActionExecutionTarget {
  targetId?: string;
  targetType?: string;
  status?: string;
  startTime?: number;
  endTime?: number;
  events?: DeployTargetEvent[];
}

export interface DeployTargetEvent {
  name?: string;
  status?: string;
  startTime?: number;
  endTime?: number;
  context?: DeployTargetEventContext;
}

export interface DeployTargetEventContext {
  ssmCommandId?: string;
  message?: string;
}

export interface DeregisterWebhookWithThirdPartyInput {
  webhookName?: string;
}

export interface DeregisterWebhookWithThirdPartyOutput {
}

export interface DisableStageTransitionInput {
  pipelineName: string;
  stageName: string;
  transitionType: StageTransitionType;
  reason: string;
}

export interface EnableStageTransitionInput {
  pipelineName: string;
  stageName: string;
  transitionType: StageTransitionType;
}

export interface EncryptionKey {
  id: string;
  type: EncryptionKeyType;
}

export interface EnvironmentVariable {
  name: string;
  value: string;
  type?: EnvironmentVariableType;
}

export interface ErrorDetails {
  code?: string;
  message?: string;
}

export interface ExecutionDetails {
  summary?: string;
  externalExecutionId?: string;
  percentComplete?: number;
}

export interface ExecutionTrigger {
  triggerType?: TriggerType;
  triggerDetail?: string;
}

export interface ExecutorConfiguration {
  lambdaExecutorConfiguration?: LambdaExecutorConfiguration;
  jobWorkerExecutorConfiguration?: JobWorkerExecutorConfiguration;
}

export interface FailureConditions {
  result?: Result;
  retryConfiguration?: RetryConfiguration;
  conditions?: Condition[];
}

export interface FailureDetails {
  type: FailureType;
  message: string;
  externalExecutionId?: string;
}

export interface GetActionTypeInput {
  category: ActionCategory;
  owner: string;
  provider: string;
  version: string;
}

export interface GetActionTypeOutput {
  actionType?: ActionTypeDeclaration;
}

export interface GetJobDetailsInput {
  jobId: string;
}

export interface GetJobDetailsOutput {
  jobDetails?: JobDetails;
}

export interface GetPipelineExecutionInput {
  pipelineName: string;
  pipelineExecutionId: string;
}

export interface GetPipelineExecutionOutput {
  pipelineExecution?: PipelineExecution;
}

export interface GetPipelineInput {
  name: string;
  version?: number;
}

export interface GetPipelineOutput {
  pipeline?: PipelineDeclaration;
  metadata?: PipelineMetadata;
}

export interface GetPipelineStateInput {
  name: string;
}

export interface GetPipelineStateOutput {
  pipelineName?: string;
  pipelineVersion?: number;
  stageStates?: StageState[];
  created?: number;
  updated?: number;
}

export interface GetThirdPartyJobDetailsInput {
  jobId: string;
  clientToken: string;
}

export interface GetThirdPartyJobDetailsOutput {
  jobDetails?: ThirdPartyJobDetails;
}

export interface GitBranchFilterCriteria {
  includes?: string[];
  excludes?: string[];
}

export interface GitConfiguration {
  sourceActionName: string;
  push?: GitPushFilter[];
  pullRequest?: GitPullRequestFilter[];
}

export interface GitFilePathFilterCriteria {
  includes?: string[];
  excludes?: string[];
}

export interface GitPullRequestFilter {
  events?: GitPullRequestEventType[];
  branches?: GitBranchFilterCriteria;
  filePaths?: GitFilePathFilterCriteria;
}

export interface GitPushFilter {
  tags?: GitTagFilterCriteria;
  branches?: GitBranchFilterCriteria;
  filePaths?: GitFilePathFilterCriteria;
}

export interface GitTagFilterCriteria {
  includes?: string[];
  excludes?: string[];
}

export interface InputArtifact {
  name: string;
}

export interface Job {
  id?: string;
  data?: JobData;
  nonce?: string;
  accountId?: string;
}

export interface JobData {
  actionTypeId?: ActionTypeId;
  actionConfiguration?: ActionConfiguration;
  pipelineContext?: PipelineContext;
  inputArtifacts?: Artifact[];
  outputArtifacts?: Artifact[];
  artifactCredentials?: AWSSessionCredentials;
  continuationToken?: string;
  encryptionKey?: EncryptionKey;
}

export interface JobDetails {
  id?: string;
  data?: JobData;
  accountId?: string;
}

export interface JobWorkerExecutorConfiguration {
  pollingAccounts?: string[];
  pollingServicePrincipals?: string[];
}

export interface LambdaExecutorConfiguration {
  lambdaFunctionArn: string;
}

export interface LatestInPipelineExecutionFilter {
  pipelineExecutionId: string;
  startTimeRange: StartTimeRange;
}

export interface ListActionExecutionsInput {
  pipelineName: string;
  filter?: ActionExecutionFilter;
  maxResults?: number;
  nextToken?: string;
}

export interface ListActionExecutionsOutput {
  actionExecutionDetails?: ActionExecutionDetail[];
  nextToken?: string;
}

export interface ListActionTypesInput {
  actionOwnerFilter?: ActionOwner;
  nextToken?: string;
  regionFilter?: string;
}

export interface ListActionTypesOutput {
  actionTypes: ActionType[];
  nextToken?: string;
}

export interface ListDeployActionExecutionTargetsInput {
  pipelineName?: string;
  actionExecutionId: string;
  filters?: TargetFilter[];
  maxResults?: number;
  nextToken?: string;
}

export interface ListDeployActionExecutionTargetsOutput {
  targets?: DeployActionExecutionTarget[];
  nextToken?: string;
}

export interface ListPipelineExecutionsInput {
  pipelineName: string;
  maxResults?: number;
  filter?: PipelineExecutionFilter;
  nextToken?: string;
}

export interface ListPipelineExecutionsOutput {
  pipelineExecutionSummaries?: PipelineExecutionSummary[];
  nextToken?: string;
}

export interface ListPipelinesInput {
  nextToken?: string;
  maxResults?: number;
}

export interface ListPipelinesOutput {
  pipelines?: PipelineSummary[];
  nextToken?: string;
}

export interface ListRuleExecutionsInput {
  pipelineName: string;
  filter?: RuleExecutionFilter;
  maxResults?: number;
  nextToken?: string;
}

export interface ListRuleExecutionsOutput {
  ruleExecutionDetails?: RuleExecutionDetail[];
  nextToken?: string;
}

export interface ListRuleTypesInput {
  ruleOwnerFilter?: RuleOwner;
  regionFilter?: string;
}

export interface ListRuleTypesOutput {
  ruleTypes: RuleType[];
}

export interface ListTagsForResourceInput {
  resourceArn: string;
  nextToken?: string;
  maxResults?: number;
}

export interface ListTagsForResourceOutput {
  tags?: Tag[];
  nextToken?: string;
}

export interface ListWebhookItem {
  definition: WebhookDefinition;
  url: string;
  errorMessage?: string;
  errorCode?: string;
  lastTriggered?: number;
  arn?: string;
  tags?: Tag[];
}

export interface ListWebhooksInput {
  NextToken?: string;
  MaxResults?: number;
}

export interface ListWebhooksOutput {
  webhooks?: ListWebhookItem[];
  NextToken?: string;
}

export interface OutputArtifact {
  name: string;
  files?: string[];
}

export interface OverrideStageConditionInput {
  pipelineName: string;
  stageName: string;
  pipelineExecutionId: string;
  conditionType: ConditionType;
}

export interface PipelineContext {
  pipelineName?: string;
  stage?: StageContext;
  action?: ActionContext;
  pipelineArn?: string;
  pipelineExecutionId?: string;
}

export interface PipelineDeclaration {
  name: string;
  roleArn: string;
  artifactStore?: ArtifactStore;
  artifactStores?: Record<string, ArtifactStore>;
  stages: StageDeclaration[];
  version?: number;
  executionMode?: ExecutionMode;
  pipelineType?: PipelineType;
  variables?: PipelineVariableDeclaration[];
  triggers?: PipelineTriggerDeclaration[];
}

export interface PipelineExecution {
  pipelineName?: string;
  pipelineVersion?: number;
  pipelineExecutionId?: string;
  status?: PipelineExecutionStatus;
  statusSummary?: string;
  artifactRevisions?: ArtifactRevision[];
  variables?: ResolvedPipelineVariable[];
  trigger?: ExecutionTrigger;
  executionMode?: ExecutionMode;
  executionType?: ExecutionType;
  rollbackMetadata?: PipelineRollbackMetadata;
}

export interface PipelineExecutionFilter {
  succeededInStage?: SucceededInStageFilter;
}

export interface PipelineExecutionSummary {
  pipelineExecutionId?: string;
  status?: PipelineExecutionStatus;
  statusSummary?: string;
  startTime?: number;
  lastUpdateTime?: number;
  sourceRevisions?: SourceRevision[];
  trigger?: ExecutionTrigger;
  stopTrigger?: StopExecutionTrigger;
  executionMode?: ExecutionMode;
  executionType?: ExecutionType;
  rollbackMetadata?: PipelineRollbackMetadata;
}

export interface PipelineMetadata {
  pipelineArn?: string;
  created?: number;
  updated?: number;
  pollingDisabledAt?: number;
}

export interface PipelineRollbackMetadata {
  rollbackTargetPipelineExecutionId?: string;
}

export interface PipelineSummary {
  name?: string;
  version?: number;
  pipelineType?: PipelineType;
  executionMode?: ExecutionMode;
  created?: number;
  updated?: number;
}

export interface PipelineTriggerDeclaration {
  providerType: PipelineTriggerProviderType;
  gitConfiguration: GitConfiguration;
}

export interface PipelineVariable {
  name: string;
  value: string;
}

export interface PipelineVariableDeclaration {
  name: string;
  defaultValue?: string;
  description?: string;
}

export interface PollForJobsInput {
  actionTypeId: ActionTypeId;
  maxBatchSize?: number;
  queryParam?: Record<string, string>;
}

export interface PollForJobsOutput {
  jobs?: Job[];
}

export interface PollForThirdPartyJobsInput {
  actionTypeId: ActionTypeId;
  maxBatchSize?: number;
}

export interface PollForThirdPartyJobsOutput {
  jobs?: ThirdPartyJob[];
}

export interface PutActionRevisionInput {
  pipelineName: string;
  stageName: string;
  actionName: string;
  actionRevision: ActionRevision;
}

export interface PutActionRevisionOutput {
  newRevision?: boolean;
  pipelineExecutionId?: string;
}

export interface PutApprovalResultInput {
  pipelineName: string;
  stageName: string;
  actionName: string;
  result: ApprovalResult;
  token: string;
}

export interface PutApprovalResultOutput {
  approvedAt?: number;
}

export interface PutJobFailureResultInput {
  jobId: string;
  failureDetails: FailureDetails;
}

export interface PutJobSuccessResultInput {
  jobId: string;
  currentRevision?: CurrentRevision;
  continuationToken?: string;
  executionDetails?: ExecutionDetails;
  outputVariables?: Record<string, string>;
}

export interface PutThirdPartyJobFailureResultInput {
  jobId: string;
  clientToken: string;
  failureDetails: FailureDetails;
}

export interface PutThirdPartyJobSuccessResultInput {
  jobId: string;
  clientToken: string;
  currentRevision?: CurrentRevision;
  continuationToken?: string;
  executionDetails?: ExecutionDetails;
}

export interface PutWebhookInput {
  webhook: WebhookDefinition;
  tags?: Tag[];
}

export interface PutWebhookOutput {
  webhook?: ListWebhookItem;
}

export interface RegisterWebhookWithThirdPartyInput {
  webhookName?: string;
}

export interface RegisterWebhookWithThirdPartyOutput {
}

export interface ResolvedPipelineVariable {
  name?: string;
  resolvedValue?: string;
}

export interface RetryConfiguration {
  retryMode?: StageRetryMode;
}

export interface RetryStageExecutionInput {
  pipelineName: string;
  stageName: string;
  pipelineExecutionId: string;
  retryMode: StageRetryMode;
}

export interface RetryStageExecutionOutput {
  pipelineExecutionId?: string;
}

export interface RetryStageMetadata {
  autoStageRetryAttempt?: number;
  manualStageRetryAttempt?: number;
  latestRetryTrigger?: RetryTrigger;
}

export interface RollbackStageInput {
  pipelineName: string;
  stageName: string;
  targetPipelineExecutionId: string;
}

export interface RollbackStageOutput {
  pipelineExecutionId: string;
}

export interface RuleConfigurationProperty {
  name: string;
  required: boolean;
  key: boolean;
  secret: boolean;
  queryable?: boolean;
  description?: string;
  type?: RuleConfigurationPropertyType;
}

export interface RuleDeclaration {
  name: string;
  ruleTypeId: RuleTypeId;
  configuration?: Record<string, string>;
  commands?: string[];
  inputArtifacts?: InputArtifact[];
  roleArn?: string;
  region?: string;
  timeoutInMinutes?: number;
}

export interface RuleExecution {
  ruleExecutionId?: string;
  status?: RuleExecutionStatus;
  summary?: string;
  lastStatusChange?: number;
  token?: string;
  lastUpdatedBy?: string;
  externalExecutionId?: string;
  externalExecutionUrl?: string;
  errorDetails?: ErrorDetails;
}

export interface RuleExecutionDetail {
  pipelineExecutionId?: string;
  ruleExecutionId?: string;
  pipelineVersion?: number;
  stageName?: string;
  ruleName?: string;
  startTime?: number;
  lastUpdateTime?: number;
  updatedBy?: string;
  status?: RuleExecutionStatus;
  input?: RuleExecutionInput;
  output?: RuleExecutionOutput;
}

export interface RuleExecutionFilter {
  pipelineExecutionId?: string;
  latestInPipelineExecution?: LatestInPipelineExecutionFilter;
}

export interface RuleExecutionInput {
  ruleTypeId?: RuleTypeId;
  configuration?: Record<string, string>;
  resolvedConfiguration?: Record<string, string>;
  roleArn?: string;
  region?: string;
  inputArtifacts?: ArtifactDetail[];
}

export interface RuleExecutionOutput {
  executionResult?: RuleExecutionResult;
}

export interface RuleExecutionResult {
  externalExecutionId?: string;
  externalExecutionSummary?: string;
  externalExecutionUrl?: string;
  errorDetails?: ErrorDetails;
}

export interface RuleRevision {
  revisionId: string;
  revisionChangeId: string;
  created: number;
}

export interface RuleState {
  ruleName?: string;
  currentRevision?: RuleRevision;
  latestExecution?: RuleExecution;
  entityUrl?: string;
  revisionUrl?: string;
}

export interface RuleType {
  id: RuleTypeId;
  settings?: RuleTypeSettings;
  ruleConfigurationProperties?: RuleConfigurationProperty[];
  inputArtifactDetails: ArtifactDetails;
}

export interface RuleTypeId {
  category: RuleCategory;
  owner?: RuleOwner;
  provider: string;
  version?: string;
}

export interface RuleTypeSettings {
  thirdPartyConfigurationUrl?: string;
  entityUrlTemplate?: string;
  executionUrlTemplate?: string;
  revisionUrlTemplate?: string;
}

export interface S3ArtifactLocation {
  bucketName: string;
  objectKey: string;
}

export interface S3Location {
  bucket?: string;
  key?: string;
}

export interface SourceRevision {
  actionName: string;
  revisionId?: string;
  revisionSummary?: string;
  revisionUrl?: string;
}

export interface SourceRevisionOverride {
  actionName: string;
  revisionType: SourceRevisionType;
  revisionValue: string;
}

export interface StageConditionState {
  latestExecution?: StageConditionsExecution;
  conditionStates?: ConditionState[];
}

export interface StageConditionsExecution {
  status?: ConditionExecutionStatus;
  summary?: string;
}

export interface StageContext {
  name?: string;
}

export interface StageDeclaration {
  name: string;
  blockers?: BlockerDeclaration[];
  actions: ActionDeclaration[];
  onFailure?: FailureConditions;
  onSuccess?: SuccessConditions;
  beforeEntry?: BeforeEntryConditions;
}

export interface StageExecution {
  pipelineExecutionId: string;
  status: StageExecutionStatus;
  type?: ExecutionType;
}

export interface StageState {
  stageName?: string;
  inboundExecution?: StageExecution;
  inboundExecutions?: StageExecution[];
  inboundTransitionState?: TransitionState;
  actionStates?: ActionState[];
  latestExecution?: StageExecution;
  beforeEntryConditionState?: StageConditionState;
  onSuccessConditionState?: StageConditionState;
  onFailureConditionState?: StageConditionState;
  retryStageMetadata?: RetryStageMetadata;
}

export interface StartPipelineExecutionInput {
  name: string;
  variables?: PipelineVariable[];
  clientRequestToken?: string;
  sourceRevisions?: SourceRevisionOverride[];
}

export interface StartPipelineExecutionOutput {
  pipelineExecutionId?: string;
}

export interface StopExecutionTrigger {
  reason?: string;
}

export interface StopPipelineExecutionInput {
  pipelineName: string;
  pipelineExecutionId: string;
  abandon?: boolean;
  reason?: string;
}

export interface StopPipelineExecutionOutput {
  pipelineExecutionId?: string;
}

export interface SucceededInStageFilter {
  stageName?: string;
}

export interface SuccessConditions {
  conditions: Condition[];
}

export interface Tag {
  key: string;
  value: string;
}

export interface TagResourceInput {
  resourceArn: string;
  tags: Tag[];
}

export interface TagResourceOutput {
}

export interface TargetFilter {
  name?: TargetFilterName;
  values?: string[];
}

export interface ThirdPartyJob {
  clientId?: string;
  jobId?: string;
}

export interface ThirdPartyJobData {
  actionTypeId?: ActionTypeId;
  actionConfiguration?: ActionConfiguration;
  pipelineContext?: PipelineContext;
  inputArtifacts?: Artifact[];
  outputArtifacts?: Artifact[];
  artifactCredentials?: AWSSessionCredentials;
  continuationToken?: string;
  encryptionKey?: EncryptionKey;
}

export interface ThirdPartyJobDetails {
  id?: string;
  data?: ThirdPartyJobData;
  nonce?: string;
}

export interface TransitionState {
  enabled?: boolean;
  lastChangedBy?: string;
  lastChangedAt?: number;
  disabledReason?: string;
}

export interface UntagResourceInput {
  resourceArn: string;
  tagKeys: string[];
}

export interface UntagResourceOutput {
}

export interface UpdateActionTypeInput {
  actionType: ActionTypeDeclaration;
}

export interface UpdatePipelineInput {
  pipeline: PipelineDeclaration;
}

export interface UpdatePipelineOutput {
  pipeline?: PipelineDeclaration;
}

export interface WebhookAuthConfiguration {
  AllowedIPRange?: string;
  SecretToken?: string;
}

export interface WebhookDefinition {
  name: string;
  targetPipeline: string;
  targetAction: string;
  filters: WebhookFilterRule[];
  authentication: WebhookAuthenticationType;
  authenticationConfiguration: WebhookAuthConfiguration;
}

export interface WebhookFilterRule {
  jsonPath: string;
  matchEquals?: string;
}

export type ActionCategory = "Source" | "Build" | "Deploy" | "Test" | "Invoke" | "Approval" | "Compute";

export type ActionConfigurationPropertyType = "String" | "Number" | "Boolean";

export type ActionExecutionStatus = "InProgress" | "Abandoned" | "Succeeded" | "Failed";

export type ActionOwner = "AWS" | "ThirdParty" | "Custom";

export type ApprovalStatus = "Approved" | "Rejected";

export type ArtifactLocationType = "S3";

export type ArtifactStoreType = "S3";

export type BlockerType = "Schedule";

export type ConditionExecutionStatus = "InProgress" | "Failed" | "Errored" | "Succeeded" | "Cancelled" | "Abandoned" | "Overridden";

export type ConditionType = "BEFORE_ENTRY" | "ON_SUCCESS";

export type EncryptionKeyType = "KMS";

export type EnvironmentVariableType = "PLAINTEXT" | "SECRETS_MANAGER";

export type ExecutionMode = "QUEUED" | "SUPERSEDED" | "PARALLEL";

export type ExecutionType = "STANDARD" | "ROLLBACK";

export type ExecutorType = "JobWorker" | "Lambda";

export type FailureType = "JobFailed" | "ConfigurationError" | "PermissionError" | "RevisionOutOfSync" | "RevisionUnavailable" | "SystemUnavailable";

export type GitPullRequestEventType = "OPEN" | "UPDATED" | "CLOSED";

export type JobStatus = "Created" | "Queued" | "Dispatched" | "InProgress" | "TimedOut" | "Succeeded" | "Failed";

export type PipelineExecutionStatus = "Cancelled" | "InProgress" | "Stopped" | "Stopping" | "Succeeded" | "Superseded" | "Failed";

export type PipelineTriggerProviderType = "CodeStarSourceConnection";

export type PipelineType = "V1" | "V2";

export type Result = "ROLLBACK" | "FAIL" | "RETRY" | "SKIP";

export type RetryTrigger = "AutomatedStageRetry" | "ManualStageRetry";

export type RuleCategory = "Rule";

export type RuleConfigurationPropertyType = "String" | "Number" | "Boolean";

export type RuleExecutionStatus = "InProgress" | "Abandoned" | "Succeeded" | "Failed";

export type RuleOwner = "AWS";

export type SourceRevisionType = "COMMIT_ID" | "IMAGE_DIGEST" | "S3_OBJECT_VERSION_ID" | "S3_OBJECT_KEY";

export type StageExecutionStatus = "Cancelled" | "InProgress" | "Failed" | "Stopped" | "Stopping" | "Succeeded" | "Skipped";

export type StageRetryMode = "FAILED_ACTIONS" | "ALL_ACTIONS";

export type StageTransitionType = "Inbound" | "Outbound";

export type StartTimeRange = "Latest" | "All";

export type TargetFilterName = "TARGET_STATUS";

export type TriggerType = "CreatePipeline" | "StartPipelineExecution" | "PollForSourceChanges" | "Webhook" | "CloudWatchEvent" | "PutActionRevision" | "WebhookV2" | "ManualRollback" | "AutomatedRollback";

export type WebhookAuthenticationType = "GITHUB_HMAC" | "IP" | "UNAUTHENTICATED";
