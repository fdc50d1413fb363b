// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  AddTagsToResource: [AddTagsToResourceRequest, AddTagsToResourceResult];
  DeleteParameter: [DeleteParameterRequest, DeleteParameterResult];
  DeleteParameters: [DeleteParametersRequest, DeleteParametersResult];
  DescribeParameters: [DescribeParametersRequest, DescribeParametersResult];
  GetParameter: [GetParameterRequest, GetParameterResult];
  GetParameterHistory: [GetParameterHistoryRequest, GetParameterHistoryResult];
  GetParameters: [GetParametersRequest, GetParametersResult];
  GetParametersByPath: [GetParametersByPathRequest, GetParametersByPathResult];
  LabelParameterVersion: [LabelParameterVersionRequest, LabelParameterVersionResult];
  ListTagsForResource: [ListTagsForResourceRequest, ListTagsForResourceResult];
  PutParameter: [PutParameterRequest, PutParameterResult];
  RemoveTagsFromResource: [RemoveTagsFromResourceRequest, RemoveTagsFromResourceResult];
  UnlabelParameterVersion: [UnlabelParameterVersionRequest, UnlabelParameterVersionResult];
}

export interface AddTagsToResourceRequest {
  ResourceType: ResourceTypeForTagging;
  ResourceId: string;
  Tags: Tag[];
}

export interface AddTagsToResourceResult {
}

export interface DeleteParameterRequest {
  Name: string;
}

export interface DeleteParameterResult {
}

export interface DeleteParametersRequest {
  Names: string[];
}

export interface DeleteParametersResult {
  DeletedParameters?: string[];
  InvalidParameters?: string[];
}

export interface DescribeParametersRequest {
  Filters?: ParametersFilter[];
  ParameterFilters?: ParameterStringFilter[];
  MaxResults?: number;
  NextToken?: string;
  Shared?: boolean;
}

export interface DescribeParametersResult {
  Parameters?: ParameterMetadata[];
  NextToken?: string;
}

export interface GetParameterHistoryRequest {
  Name: string;
  WithDecryption?: boolean;
  MaxResults?: number;
  NextToken?: string;
}

export interface GetParameterHistoryResult {
  Parameters?: ParameterHistory[];
  NextToken?: string;
}

export interface GetParameterRequest {
  Name: string;
  WithDecryption?: boolean;
}

export interface GetParameterResult {
  Parameter?: Parameter;
}

export interface GetParametersByPathRequest {
  Path: string;
  Recursive?: boolean;
  ParameterFilters?: ParameterStringFilter[];
  WithDecryption?: boolean;
  MaxResults?: number;
  NextToken?: string;
}

export interface GetParametersByPathResult {
  Parameters?: Parameter[];
  NextToken?: string;
}

export interface GetParametersRequest {
  Names: string[];
  WithDecryption?: boolean;
}

export interface GetParametersResult {
  Parameters?: Parameter[];
  InvalidParameters?: string[];
}

export interface LabelParameterVersionRequest {
  Name: string;
  ParameterVersion?: number;
  Labels: string[];
}

export interface LabelParameterVersionResult {
  InvalidLabels?: string[];
  ParameterVersion?: number;
}

export interface ListTagsForResourceRequest {
  ResourceType: ResourceTypeForTagging;
  ResourceId: string;
}

export interface ListTagsForResourceResult {
  TagList?: Tag[];
}

export interface Parameter {
  Name?: string;
  Type?: ParameterType;
  Value?: string;
  Version?: number;
  Selector?: string;
  SourceResult?: string;
  LastModifiedDate?: number;
  ARN?: string;
  DataType?: string;
}

export interface ParameterHistory {
  Name?: string;
  Type?: ParameterType;
  KeyId?: string;
  LastModifiedDate?: number;
  LastModifiedUser?: string;
  Description?: string;
  Value?: string;
  AllowedPattern?: string;
  Version?: number;
  Labels?: string[];
  Tier?: ParameterTier;
  Policies?: ParameterInlinePolicy[];
  DataType?: string;
}

export interface ParameterInlinePolicy {
  PolicyText?: string;
  PolicyType?: string;
  PolicyStatus?: string;
}

export interface ParameterMetadata {
  Name?: string;
  ARN?: string;
  Type?: ParameterType;
  KeyId?: string;
  LastModifiedDate?: number;
  LastModifiedUser?: string;
  Description?: string;
  AllowedPattern?: string;
  Version?: number;
  Tier?: ParameterTier;
  Policies?: ParameterInlinePolicy[];
  DataType?: string;
}

export interface ParameterStringFilter {
  Key: string;
  Option?: string;
  Values?: string[];
}

export interface ParametersFilter {
  Key: ParametersFilterKey;
  Values: string[];
}

export interface PutParameterRequest {
  Name: string;
  Description?: string;
  Value: string;
  Type?: ParameterType;
  KeyId?: string;
  Overwrite?: boolean;
  AllowedPattern?: string;
  Tags?: Tag[];
  Tier?: ParameterTier;
  Policies?: string;
  DataType?: string;
}

export interface PutParameterResult {
  Version?: number;
  Tier?: ParameterTier;
}

export interface RemoveTagsFromResourceRequest {
  ResourceType: ResourceTypeForTagging;
  ResourceId: string;
  TagKeys: string[];
}

export interface RemoveTagsFromResourceResult {
}

export interface Tag {
  Key: string;
  Value: string;
}

export interface UnlabelParameterVersionRequest {
  Name: string;
  ParameterVersion: number;
  Labels: string[];
}

export interface UnlabelParameterVersionResult {
  RemovedLabels?: string[];
  InvalidLabels?: string[];
}

export type ParameterTier = "Standard" | "Advanced" | "Intelligent-Tiering";

export type ParameterType = "String" | "StringList" | "SecureString";

export type ParametersFilterKey = "Name" | "Type" | "KeyId";

export type ResourceTypeForTagging = "Document" | "ManagedInstance" | "MaintenanceWindow" | "Parameter" | "PatchBaseline" | "OpsItem" | "OpsMetadata" | "Automation" | "Association" | "CloudConnector";
