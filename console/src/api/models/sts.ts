// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  AssumeRole: [AssumeRoleRequest, AssumeRoleResponse];
  DecodeAuthorizationMessage: [DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse];
  GetAccessKeyInfo: [GetAccessKeyInfoRequest, GetAccessKeyInfoResponse];
  GetCallerIdentity: [GetCallerIdentityRequest, GetCallerIdentityResponse];
  GetSessionToken: [GetSessionTokenRequest, GetSessionTokenResponse];
}

export interface AssumeRoleRequest {
  RoleArn: string;
  RoleSessionName: string;
  PolicyArns?: PolicyDescriptorType[];
  Policy?: string;
  DurationSeconds?: number;
  Tags?: Tag[];
  TransitiveTagKeys?: string[];
  ExternalId?: string;
  SerialNumber?: string;
  TokenCode?: string;
  SourceIdentity?: string;
  ProvidedContexts?: ProvidedContext[];
  MinimumSessionTokenSize?: number;
}

export interface AssumeRoleResponse {
  Credentials?: Credentials;
  AssumedRoleUser?: AssumedRoleUser;
  PackedPolicySize?: number;
  SourceIdentity?: string;
  SessionTokenUtilization?: number;
  SessionTokenSize?: number;
}

export interface AssumedRoleUser {
  AssumedRoleId: string;
  Arn: string;
}

export interface Credentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: number;
}

export interface DecodeAuthorizationMessageRequest {
  EncodedMessage: string;
}

export interface DecodeAuthorizationMessageResponse {
  DecodedMessage?: string;
}

export interface GetAccessKeyInfoRequest {
  AccessKeyId: string;
}

export interface GetAccessKeyInfoResponse {
  Account?: string;
}

export interface GetCallerIdentityRequest {
}

export interface GetCallerIdentityResponse {
  UserId?: string;
  Account?: string;
  Arn?: string;
}

export interface GetSessionTokenRequest {
  DurationSeconds?: number;
  SerialNumber?: string;
  TokenCode?: string;
  MinimumSessionTokenSize?: number;
}

export interface GetSessionTokenResponse {
  Credentials?: Credentials;
  SessionTokenUtilization?: number;
  SessionTokenSize?: number;
}

export interface PolicyDescriptorType {
  arn?: string;
}

export interface ProvidedContext {
  ProviderArn?: string;
  ContextAssertion?: string;
}

export interface Tag {
  Key: string;
  Value: string;
}
