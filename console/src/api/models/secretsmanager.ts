// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  BatchGetSecretValue: [BatchGetSecretValueRequest, BatchGetSecretValueResponse];
  CreateSecret: [CreateSecretRequest, CreateSecretResponse];
  DeleteResourcePolicy: [DeleteResourcePolicyRequest, DeleteResourcePolicyResponse];
  DeleteSecret: [DeleteSecretRequest, DeleteSecretResponse];
  DescribeSecret: [DescribeSecretRequest, DescribeSecretResponse];
  GetRandomPassword: [GetRandomPasswordRequest, GetRandomPasswordResponse];
  GetResourcePolicy: [GetResourcePolicyRequest, GetResourcePolicyResponse];
  GetSecretValue: [GetSecretValueRequest, GetSecretValueResponse];
  ListSecretVersionIds: [ListSecretVersionIdsRequest, ListSecretVersionIdsResponse];
  ListSecrets: [ListSecretsRequest, ListSecretsResponse];
  PutResourcePolicy: [PutResourcePolicyRequest, PutResourcePolicyResponse];
  PutSecretValue: [PutSecretValueRequest, PutSecretValueResponse];
  RestoreSecret: [RestoreSecretRequest, RestoreSecretResponse];
  TagResource: [TagResourceRequest, object];
  UntagResource: [UntagResourceRequest, object];
  UpdateSecret: [UpdateSecretRequest, UpdateSecretResponse];
  UpdateSecretVersionStage: [UpdateSecretVersionStageRequest, UpdateSecretVersionStageResponse];
  ValidateResourcePolicy: [ValidateResourcePolicyRequest, ValidateResourcePolicyResponse];
}

export interface APIErrorType {
  SecretId?: string;
  ErrorCode?: string;
  Message?: string;
}

export interface BatchGetSecretValueRequest {
  SecretIdList?: string[];
  Filters?: Filter[];
  MaxResults?: number;
  NextToken?: string;
}

export interface BatchGetSecretValueResponse {
  SecretValues?: SecretValueEntry[];
  NextToken?: string;
  Errors?: APIErrorType[];
}

export interface CreateSecretRequest {
  Name: string;
  ClientRequestToken?: string;
  Description?: string;
  KmsKeyId?: string;
  SecretBinary?: string;
  SecretString?: string;
  Tags?: Tag[];
  AddReplicaRegions?: ReplicaRegionType[];
  ForceOverwriteReplicaSecret?: boolean;
  Type?: string;
  CrossAccountPrimaryARN?: string;
}

export interface CreateSecretResponse {
  ARN?: string;
  Name?: string;
  VersionId?: string;
  ReplicationStatus?: ReplicationStatusType[];
}

export interface CrossAccountPrimaryType {
  PrimarySecretARN?: string;
  ReplicationStatus?: StatusType;
  StatusMessage?: string;
}

export interface CrossAccountReplicaEntry {
  ReplicaSecretARN?: string;
  ReplicationRoleARN?: string;
  ReplicationStatus?: StatusType;
  StatusMessage?: string;
}

export interface DeleteResourcePolicyRequest {
  SecretId: string;
  PolicyName?: string;
}

export interface DeleteResourcePolicyResponse {
  ARN?: string;
  Name?: string;
  PolicyName?: string;
}

export interface DeleteSecretRequest {
  SecretId: string;
  RecoveryWindowInDays?: number;
  ForceDeleteWithoutRecovery?: boolean;
}

export interface DeleteSecretResponse {
  ARN?: string;
  Name?: string;
  DeletionDate?: number;
}

export interface DescribeSecretRequest {
  SecretId: string;
}

export interface DescribeSecretResponse {
  ARN?: string;
  Name?: string;
  Type?: string;
  Description?: string;
  KmsKeyId?: string;
  RotationEnabled?: boolean;
  RotationLambdaARN?: string;
  RotationRules?: RotationRulesType;
  ExternalSecretRotationMetadata?: ExternalSecretRotationMetadataItem[];
  ExternalSecretRotationRoleArn?: string;
  LastRotatedDate?: number;
  LastChangedDate?: number;
  LastAccessedDate?: number;
  DeletedDate?: number;
  NextRotationDate?: number;
  Tags?: Tag[];
  VersionIdsToStages?: Record<string, string[]>;
  OwningService?: string;
  CreatedDate?: number;
  PrimaryRegion?: string;
  ReplicationStatus?: ReplicationStatusType[];
  CrossAccountPrimary?: CrossAccountPrimaryType;
  CrossAccountReplicas?: CrossAccountReplicaEntry[];
}

export interface ExternalSecretRotationMetadataItem {
  Key?: string;
  Value?: string;
}

export interface Filter {
  Key?: FilterNameStringType;
  Values?: string[];
}

export interface GetRandomPasswordRequest {
  PasswordLength?: number;
  ExcludeCharacters?: string;
  ExcludeNumbers?: boolean;
  ExcludePunctuation?: boolean;
  ExcludeUppercase?: boolean;
  ExcludeLowercase?: boolean;
  IncludeSpace?: boolean;
  RequireEachIncludedType?: boolean;
}

export interface GetRandomPasswordResponse {
  RandomPassword?: string;
}

export interface GetResourcePolicyRequest {
  SecretId: string;
  PolicyName?: string;
}

export interface GetResourcePolicyResponse {
  ARN?: string;
  Name?: string;
  ResourcePolicy?: string;
  PolicyName?: string;
}

export interface GetSecretValueRequest {
  SecretId: string;
  VersionId?: string;
  VersionStage?: string;
}

export interface GetSecretValueResponse {
  ARN?: string;
  Name?: string;
  VersionId?: string;
  SecretBinary?: string;
  SecretString?: string;
  VersionStages?: string[];
  CreatedDate?: number;
}

export interface ListSecretVersionIdsRequest {
  SecretId: string;
  MaxResults?: number;
  NextToken?: string;
  IncludeDeprecated?: boolean;
}

export interface ListSecretVersionIdsResponse {
  Versions?: SecretVersionsListEntry[];
  NextToken?: string;
  ARN?: string;
  Name?: string;
}

export interface ListSecretsRequest {
  IncludePlannedDeletion?: boolean;
  MaxResults?: number;
  NextToken?: string;
  Filters?: Filter[];
  SortOrder?: SortOrderType;
  SortBy?: SortByType;
}

export interface ListSecretsResponse {
  SecretList?: SecretListEntry[];
  NextToken?: string;
}

export interface PutResourcePolicyRequest {
  SecretId: string;
  ResourcePolicy: string;
  PolicyName?: string;
  BlockPublicPolicy?: boolean;
}

export interface PutResourcePolicyResponse {
  ARN?: string;
  Name?: string;
  PolicyName?: string;
}

export interface PutSecretValueRequest {
  SecretId: string;
  ClientRequestToken?: string;
  SecretBinary?: string;
  SecretString?: string;
  VersionStages?: string[];
  RotationToken?: string;
}

export interface PutSecretValueResponse {
  ARN?: string;
  Name?: string;
  VersionId?: string;
  VersionStages?: string[];
}

export interface ReplicaRegionType {
  Region?: string;
  KmsKeyId?: string;
}

export interface ReplicationStatusType {
  Region?: string;
  KmsKeyId?: string;
  Status?: StatusType;
  StatusMessage?: string;
  LastAccessedDate?: number;
}

export interface RestoreSecretRequest {
  SecretId: string;
}

export interface RestoreSecretResponse {
  ARN?: string;
  Name?: string;
}

export interface RotationRulesType {
  AutomaticallyAfterDays?: number;
  Duration?: string;
  ScheduleExpression?: string;
}

export interface SecretListEntry {
  ARN?: string;
  Name?: string;
  Type?: string;
  Description?: string;
  KmsKeyId?: string;
  RotationEnabled?: boolean;
  RotationLambdaARN?: string;
  RotationRules?: RotationRulesType;
  ExternalSecretRotationMetadata?: ExternalSecretRotationMetadataItem[];
  ExternalSecretRotationRoleArn?: string;
  LastRotatedDate?: number;
  LastChangedDate?: number;
  LastAccessedDate?: number;
  DeletedDate?: number;
  NextRotationDate?: number;
  Tags?: Tag[];
  SecretVersionsToStages?: Record<string, string[]>;
  OwningService?: string;
  CreatedDate?: number;
  PrimaryRegion?: string;
}

export interface SecretValueEntry {
  ARN?: string;
  Name?: string;
  VersionId?: string;
  SecretBinary?: string;
  SecretString?: string;
  VersionStages?: string[];
  CreatedDate?: number;
}

export interface SecretVersionsListEntry {
  VersionId?: string;
  VersionStages?: string[];
  LastAccessedDate?: number;
  CreatedDate?: number;
  KmsKeyIds?: string[];
}

export interface Tag {
  Key?: string;
  Value?: string;
}

export interface TagResourceRequest {
  SecretId: string;
  Tags: Tag[];
}

export interface UntagResourceRequest {
  SecretId: string;
  TagKeys: string[];
}

export interface UpdateSecretRequest {
  SecretId: string;
  ClientRequestToken?: string;
  Description?: string;
  KmsKeyId?: string;
  SecretBinary?: string;
  SecretString?: string;
  Type?: string;
}

export interface UpdateSecretResponse {
  ARN?: string;
  Name?: string;
  VersionId?: string;
}

export interface UpdateSecretVersionStageRequest {
  SecretId: string;
  VersionStage: string;
  RemoveFromVersionId?: string;
  MoveToVersionId?: string;
}

export interface UpdateSecretVersionStageResponse {
  ARN?: string;
  Name?: string;
}

export interface ValidateResourcePolicyRequest {
  SecretId?: string;
  ResourcePolicy: string;
}

export interface ValidateResourcePolicyResponse {
  PolicyValidationPassed?: boolean;
  ValidationErrors?: ValidationErrorsEntry[];
}

export interface ValidationErrorsEntry {
  CheckName?: string;
  ErrorMessage?: string;
}

export type FilterNameStringType = "description" | "name" | "tag-key" | "tag-value" | "primary-region" | "owning-service" | "all";

export type SortByType = "created-date" | "last-accessed-date" | "last-changed-date" | "name";

export type SortOrderType = "asc" | "desc";

export type StatusType = "InSync" | "Failed" | "InProgress" | "Pending" | "Detached";
