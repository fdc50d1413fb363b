// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  AddRoleToInstanceProfile: [AddRoleToInstanceProfileRequest, object];
  AddUserToGroup: [AddUserToGroupRequest, object];
  AttachGroupPolicy: [AttachGroupPolicyRequest, object];
  AttachRolePolicy: [AttachRolePolicyRequest, object];
  AttachUserPolicy: [AttachUserPolicyRequest, object];
  ChangePassword: [ChangePasswordRequest, object];
  CreateAccessKey: [CreateAccessKeyRequest, CreateAccessKeyResponse];
  CreateAccountAlias: [CreateAccountAliasRequest, object];
  CreateGroup: [CreateGroupRequest, CreateGroupResponse];
  CreateInstanceProfile: [CreateInstanceProfileRequest, CreateInstanceProfileResponse];
  CreateLoginProfile: [CreateLoginProfileRequest, CreateLoginProfileResponse];
  CreatePolicy: [CreatePolicyRequest, CreatePolicyResponse];
  CreatePolicyVersion: [CreatePolicyVersionRequest, CreatePolicyVersionResponse];
  CreateRole: [CreateRoleRequest, CreateRoleResponse];
  CreateServiceLinkedRole: [CreateServiceLinkedRoleRequest, CreateServiceLinkedRoleResponse];
  CreateServiceSpecificCredential: [CreateServiceSpecificCredentialRequest, CreateServiceSpecificCredentialResponse];
  CreateUser: [CreateUserRequest, CreateUserResponse];
  DeleteAccessKey: [DeleteAccessKeyRequest, object];
  DeleteAccountAlias: [DeleteAccountAliasRequest, object];
  DeleteAccountPasswordPolicy: [object, object];
  DeleteGroup: [DeleteGroupRequest, object];
  DeleteGroupPolicy: [DeleteGroupPolicyRequest, object];
  DeleteInstanceProfile: [DeleteInstanceProfileRequest, object];
  DeleteLoginProfile: [DeleteLoginProfileRequest, object];
  DeletePolicy: [DeletePolicyRequest, object];
  DeletePolicyVersion: [DeletePolicyVersionRequest, object];
  DeleteRole: [DeleteRoleRequest, object];
  DeleteRolePermissionsBoundary: [DeleteRolePermissionsBoundaryRequest, object];
  DeleteRolePolicy: [DeleteRolePolicyRequest, object];
  DeleteServiceLinkedRole: [DeleteServiceLinkedRoleRequest, DeleteServiceLinkedRoleResponse];
  DeleteServiceSpecificCredential: [DeleteServiceSpecificCredentialRequest, object];
  DeleteUser: [DeleteUserRequest, object];
  DeleteUserPermissionsBoundary: [DeleteUserPermissionsBoundaryRequest, object];
  DeleteUserPolicy: [DeleteUserPolicyRequest, object];
  DetachGroupPolicy: [DetachGroupPolicyRequest, object];
  DetachRolePolicy: [DetachRolePolicyRequest, object];
  DetachUserPolicy: [DetachUserPolicyRequest, object];
  GenerateCredentialReport: [object, GenerateCredentialReportResponse];
  GetAccessKeyLastUsed: [GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse];
  GetAccountAuthorizationDetails: [GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse];
  GetAccountPasswordPolicy: [object, GetAccountPasswordPolicyResponse];
  GetAccountSummary: [object, GetAccountSummaryResponse];
  GetContextKeysForCustomPolicy: [GetContextKeysForCustomPolicyRequest, GetContextKeysForPolicyResponse];
  GetContextKeysForPrincipalPolicy: [GetContextKeysForPrincipalPolicyRequest, GetContextKeysForPolicyResponse];
  GetCredentialReport: [object, GetCredentialReportResponse];
  GetGroup: [GetGroupRequest, GetGroupResponse];
  GetGroupPolicy: [GetGroupPolicyRequest, GetGroupPolicyResponse];
  GetInstanceProfile: [GetInstanceProfileRequest, GetInstanceProfileResponse];
  GetLoginProfile: [GetLoginProfileRequest, GetLoginProfileResponse];
  GetPolicy: [GetPolicyRequest, GetPolicyResponse];
  GetPolicyVersion: [GetPolicyVersionRequest, GetPolicyVersionResponse];
  GetRole: [GetRoleRequest, GetRoleResponse];
  GetRolePolicy: [GetRolePolicyRequest, GetRolePolicyResponse];
  GetServiceLinkedRoleDeletionStatus: [GetServiceLinkedRoleDeletionStatusRequest, GetServiceLinkedRoleDeletionStatusResponse];
  GetUser: [GetUserRequest, GetUserResponse];
  GetUserPolicy: [GetUserPolicyRequest, GetUserPolicyResponse];
  ListAccessKeys: [ListAccessKeysRequest, ListAccessKeysResponse];
  ListAccountAliases: [ListAccountAliasesRequest, ListAccountAliasesResponse];
  ListAttachedGroupPolicies: [ListAttachedGroupPoliciesRequest, ListAttachedGroupPoliciesResponse];
  ListAttachedRolePolicies: [ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse];
  ListAttachedUserPolicies: [ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse];
  ListEntitiesForPolicy: [ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse];
  ListGroupPolicies: [ListGroupPoliciesRequest, ListGroupPoliciesResponse];
  ListGroups: [ListGroupsRequest, ListGroupsResponse];
  ListGroupsForUser: [ListGroupsForUserRequest, ListGroupsForUserResponse];
  ListInstanceProfileTags: [ListInstanceProfileTagsRequest, ListInstanceProfileTagsResponse];
  ListInstanceProfiles: [ListInstanceProfilesRequest, ListInstanceProfilesResponse];
  ListInstanceProfilesForRole: [ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse];
  ListMFADevices: [ListMFADevicesRequest, ListMFADevicesResponse];
  ListPolicies: [ListPoliciesRequest, ListPoliciesResponse];
  ListPoliciesGrantingServiceAccess: [ListPoliciesGrantingServiceAccessRequest, ListPoliciesGrantingServiceAccessResponse];
  ListPolicyTags: [ListPolicyTagsRequest, ListPolicyTagsResponse];
  ListPolicyVersions: [ListPolicyVersionsRequest, ListPolicyVersionsResponse];
  ListRolePolicies: [ListRolePoliciesRequest, ListRolePoliciesResponse];
  ListRoleTags: [ListRoleTagsRequest, ListRoleTagsResponse];
  ListRoles: [ListRolesRequest, ListRolesResponse];
  ListSSHPublicKeys: [ListSSHPublicKeysRequest, ListSSHPublicKeysResponse];
  ListServiceSpecificCredentials: [ListServiceSpecificCredentialsRequest, ListServiceSpecificCredentialsResponse];
  ListSigningCertificates: [ListSigningCertificatesRequest, ListSigningCertificatesResponse];
  ListUserPolicies: [ListUserPoliciesRequest, ListUserPoliciesResponse];
  ListUserTags: [ListUserTagsRequest, ListUserTagsResponse];
  ListUsers: [ListUsersRequest, ListUsersResponse];
  PutGroupPolicy: [PutGroupPolicyRequest, object];
  PutRolePermissionsBoundary: [PutRolePermissionsBoundaryRequest, object];
  PutRolePolicy: [PutRolePolicyRequest, object];
  PutUserPermissionsBoundary: [PutUserPermissionsBoundaryRequest, object];
  PutUserPolicy: [PutUserPolicyRequest, object];
  RemoveRoleFromInstanceProfile: [RemoveRoleFromInstanceProfileRequest, object];
  RemoveUserFromGroup: [RemoveUserFromGroupRequest, object];
  ResetServiceSpecificCredential: [ResetServiceSpecificCredentialRequest, ResetServiceSpecificCredentialResponse];
  SetDefaultPolicyVersion: [SetDefaultPolicyVersionRequest, object];
  SimulateCustomPolicy: [SimulateCustomPolicyRequest, SimulatePolicyResponse];
  SimulatePrincipalPolicy: [SimulatePrincipalPolicyRequest, SimulatePolicyResponse];
  TagInstanceProfile: [TagInstanceProfileRequest, object];
  TagPolicy: [TagPolicyRequest, object];
  TagRole: [TagRoleRequest, object];
  TagUser: [TagUserRequest, object];
  UntagInstanceProfile: [UntagInstanceProfileRequest, object];
  UntagPolicy: [UntagPolicyRequest, object];
  UntagRole: [UntagRoleRequest, object];
  UntagUser: [UntagUserRequest, object];
  UpdateAccessKey: [UpdateAccessKeyRequest, object];
  UpdateAccountPasswordPolicy: [UpdateAccountPasswordPolicyRequest, object];
  UpdateAssumeRolePolicy: [UpdateAssumeRolePolicyRequest, object];
  UpdateGroup: [UpdateGroupRequest, object];
  UpdateLoginProfile: [UpdateLoginProfileRequest, object];
  UpdateRole: [UpdateRoleRequest, UpdateRoleResponse];
  UpdateRoleDescription: [UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse];
  UpdateServiceSpecificCredential: [UpdateServiceSpecificCredentialRequest, object];
  UpdateUser: [UpdateUserRequest, object];
}

export interface AccessKey {
  UserName: string;
  AccessKeyId: string;
  Status: StatusType;
  SecretAccessKey: string;
  CreateDate?: number;
}

export interface AccessKeyLastUsed {
  LastUsedDate?: number;
  ServiceName: string;
  Region: string;
}

export interface AccessKeyMetadata {
  UserName?: string;
  AccessKeyId?: string;
  Status?: StatusType;
  CreateDate?: number;
}

export interface AddRoleToInstanceProfileRequest {
  InstanceProfileName: string;
  RoleName: string;
}

export interface AddUserToGroupRequest {
  GroupName: string;
  UserName: string;
}

export interface AttachGroupPolicyRequest {
  GroupName: string;
  PolicyArn: string;
}

export interface AttachRolePolicyRequest {
  RoleName: string;
  PolicyArn: string;
}

export interface AttachUserPolicyRequest {
  UserName: string;
  PolicyArn: string;
}

export interface AttachedPermissionsBoundary {
  PermissionsBoundaryType?: PermissionsBoundaryAttachmentType;
  PermissionsBoundaryArn?: string;
}

export interface AttachedPolicy {
  PolicyName?: string;
  PolicyArn?: string;
}

export interface ChangePasswordRequest {
  OldPassword: string;
  NewPassword: string;
}

export interface ContextEntry {
  ContextKeyName?: string;
  ContextKeyValues?: string[];
  ContextKeyType?: ContextKeyTypeEnum;
}

export interface CreateAccessKeyRequest {
  UserName?: string;
}

export interface CreateAccessKeyResponse {
  AccessKey: AccessKey;
}

export interface CreateAccountAliasRequest {
  AccountAlias: string;
}

export interface CreateGroupRequest {
  Path?: string;
  GroupName: string;
}

export interface CreateGroupResponse {
  Group: Group;
}

export interface CreateInstanceProfileRequest {
  InstanceProfileName: string;
  Path?: string;
  Tags?: Tag[];
}

export interface CreateInstanceProfileResponse {
  InstanceProfile: InstanceProfile;
}

export interface CreateLoginProfileRequest {
  UserName?: string;
  Password?: string;
  PasswordResetRequired?: boolean;
}

export interface CreateLoginProfileResponse {
  LoginProfile: LoginProfile;
}

export interface CreatePolicyRequest {
  PolicyName: string;
  Path?: string;
  PolicyDocument: string;
  Description?: string;
  Tags?: Tag[];
}

export interface CreatePolicyResponse {
  Policy?: Policy;
}

export interface CreatePolicyVersionRequest {
  PolicyArn: string;
  PolicyDocument: string;
  SetAsDefault?: boolean;
}

export interface CreatePolicyVersionResponse {
  PolicyVersion?: PolicyVersion;
}

export interface CreateRoleRequest {
  Path?: string;
  RoleName: string;
  AssumeRolePolicyDocument: string;
  Description?: string;
  MaxSessionDuration?: number;
  PermissionsBoundary?: string;
  Tags?: Tag[];
}

export interface CreateRoleResponse {
  Role: Role;
}

export interface CreateServiceLinkedRoleRequest {
  AWSServiceName: string;
  Description?: string;
  CustomSuffix?: string;
}

export interface CreateServiceLinkedRoleResponse {
  Role?: Role;
}

export interface CreateServiceSpecificCredentialRequest {
  UserName: string;
  ServiceName: string;
  CredentialAgeDays?: number;
}

export interface CreateServiceSpecificCredentialResponse {
  ServiceSpecificCredential?: ServiceSpecificCredential;
}

export interface CreateUserRequest {
  Path?: string;
  UserName: string;
  PermissionsBoundary?: string;
  Tags?: Tag[];
}

export interface CreateUserResponse {
  User?: User;
}

export interface DeleteAccessKeyRequest {
  UserName?: string;
  AccessKeyId: string;
}

export interface DeleteAccountAliasRequest {
  AccountAlias: string;
}

export interface DeleteGroupPolicyRequest {
  GroupName: string;
  PolicyName: string;
}

export interface DeleteGroupRequest {
  GroupName: string;
}

export interface DeleteInstanceProfileRequest {
  InstanceProfileName: string;
}

export interface DeleteLoginProfileRequest {
  UserName?: string;
}

export interface DeletePolicyRequest {
  PolicyArn: string;
}

export interface DeletePolicyVersionRequest {
  PolicyArn: string;
  VersionId: string;
}

export interface DeleteRolePermissionsBoundaryRequest {
  RoleName: string;
}

export interface DeleteRolePolicyRequest {
  RoleName: string;
  PolicyName: string;
}

export interface DeleteRoleRequest {
  RoleName: string;
}

export interface DeleteServiceLinkedRoleRequest {
  RoleName: string;
}

export interface DeleteServiceLinkedRoleResponse {
  DeletionTaskId: string;
}

export interface DeleteServiceSpecificCredentialRequest {
  UserName?: string;
  ServiceSpecificCredentialId: string;
}

export interface DeleteUserPermissionsBoundaryRequest {
  UserName: string;
}

export interface DeleteUserPolicyRequest {
  UserName: string;
  PolicyName: string;
}

export interface DeleteUserRequest {
  UserName: string;
}

export interface DeletionTaskFailureReasonType {
  Reason?: string;
  RoleUsageList?: RoleUsageType[];
}

export interface DetachGroupPolicyRequest {
  GroupName: string;
  PolicyArn: string;
}

export interface DetachRolePolicyRequest {
  RoleName: string;
  PolicyArn: string;
}

export interface DetachUserPolicyRequest {
  UserName: string;
  PolicyArn: string;
}

export interface EvaluationResult {
  EvalActionName: string;
  EvalResourceName?: string;
  EvalDecision: PolicyEvaluationDecisionType;
  MatchedStatements?: Statement[];
  MissingContextValues?: string[];
  OrganizationsDecisionDetail?: OrganizationsDecisionDetail;
  PermissionsBoundaryDecisionDetail?: PermissionsBoundaryDecisionDetail;
  EvalDecisionDetails?: Record<string, PolicyEvaluationDecisionType>;
  ResourceSpecificResults?: ResourceSpecificResult[];
}

export interface GenerateCredentialReportResponse {
  State?: ReportStateType;
  Description?: string;
}

export interface GetAccessKeyLastUsedRequest {
  AccessKeyId: string;
}

export interface GetAccessKeyLastUsedResponse {
  UserName?: string;
  AccessKeyLastUsed?: AccessKeyLastUsed;
}

export interface GetAccountAuthorizationDetailsRequest {
  Filter?: EntityType[];
  MaxItems?: number;
  Marker?: string;
}

export interface GetAccountAuthorizationDetailsResponse {
  UserDetailList?: UserDetail[];
  GroupDetailList?: GroupDetail[];
  RoleDetailList?: RoleDetail[];
  Policies?: ManagedPolicyDetail[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface GetAccountPasswordPolicyResponse {
  PasswordPolicy: PasswordPolicy;
}

export interface GetAccountSummaryResponse {
  SummaryMap?: Record<string, number>;
}

export interface GetContextKeysForCustomPolicyRequest {
  PolicyInputList: string[];
}

export interface GetContextKeysForPolicyResponse {
  ContextKeyNames?: string[];
}

export interface GetContextKeysForPrincipalPolicyRequest {
  PolicySourceArn: string;
  PolicyInputList?: string[];
}

export interface GetCredentialReportResponse {
  Content?: string;
  ReportFormat?: ReportFormatType;
  GeneratedTime?: number;
}

export interface GetGroupPolicyRequest {
  GroupName: string;
  PolicyName: string;
}

export interface GetGroupPolicyResponse {
  GroupName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface GetGroupRequest {
  GroupName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface GetGroupResponse {
  Group: Group;
  Users: User[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface GetInstanceProfileRequest {
  InstanceProfileName: string;
}

export interface GetInstanceProfileResponse {
  InstanceProfile: InstanceProfile;
}

export interface GetLoginProfileRequest {
  UserName?: string;
}

export interface GetLoginProfileResponse {
  LoginProfile: LoginProfile;
}

export interface GetPolicyRequest {
  PolicyArn: string;
}

export interface GetPolicyResponse {
  Policy?: Policy;
}

export interface GetPolicyVersionRequest {
  PolicyArn: string;
  VersionId: string;
}

export interface GetPolicyVersionResponse {
  PolicyVersion?: PolicyVersion;
}

export interface GetRolePolicyRequest {
  RoleName: string;
  PolicyName: string;
}

export interface GetRolePolicyResponse {
  RoleName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface GetRoleRequest {
  RoleName: string;
}

export interface GetRoleResponse {
  Role: Role;
}

export interface GetServiceLinkedRoleDeletionStatusRequest {
  DeletionTaskId: string;
}

export interface GetServiceLinkedRoleDeletionStatusResponse {
  Status: DeletionTaskStatusType;
  Reason?: DeletionTaskFailureReasonType;
}

export interface GetUserPolicyRequest {
  UserName: string;
  PolicyName: string;
}

export interface GetUserPolicyResponse {
  UserName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface GetUserRequest {
  UserName?: string;
}

export interface GetUserResponse {
  User: User;
}

export interface Group {
  Path: string;
  GroupName: string;
  GroupId: string;
  Arn: string;
  CreateDate: number;
}

export interface GroupDetail {
  Path?: string;
  GroupName?: string;
  GroupId?: string;
  Arn?: string;
  CreateDate?: number;
  GroupPolicyList?: PolicyDetail[];
  AttachedManagedPolicies?: AttachedPolicy[];
}

export interface InlinePolicyIdentifierType {
  PolicyName: string;
  AttachmentType: AttachmentType;
  AttachmentName: string;
}

export interface InstanceProfile {
  Path: string;
  InstanceProfileName: string;
  InstanceProfileId: string;
  Arn: string;
  CreateDate: number;
  Roles: Role[];
  Tags?: Tag[];
}

export interface ListAccessKeysRequest {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListAccessKeysResponse {
  AccessKeyMetadata: AccessKeyMetadata[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListAccountAliasesRequest {
  Marker?: string;
  MaxItems?: number;
}

export interface ListAccountAliasesResponse {
  AccountAliases: string[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListAttachedGroupPoliciesRequest {
  GroupName: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListAttachedGroupPoliciesResponse {
  AttachedPolicies?: AttachedPolicy[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListAttachedRolePoliciesRequest {
  RoleName: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListAttachedRolePoliciesResponse {
  AttachedPolicies?: AttachedPolicy[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListAttachedUserPoliciesRequest {
  UserName: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListAttachedUserPoliciesResponse {
  AttachedPolicies?: AttachedPolicy[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListEntitiesForPolicyRequest {
  PolicyArn: string;
  EntityFilter?: EntityType;
  PathPrefix?: string;
  PolicyUsageFilter?: PolicyUsageType;
  Marker?: string;
  MaxItems?: number;
}

export interface ListEntitiesForPolicyResponse {
  PolicyGroups?: PolicyGroup[];
  PolicyUsers?: PolicyUser[];
  PolicyRoles?: PolicyRole[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListGroupPoliciesRequest {
  GroupName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListGroupPoliciesResponse {
  PolicyNames: string[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListGroupsForUserRequest {
  UserName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListGroupsForUserResponse {
  Groups: Group[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListGroupsRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListGroupsResponse {
  Groups: Group[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListInstanceProfileTagsRequest {
  InstanceProfileName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListInstanceProfileTagsResponse {
  Tags: Tag[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListInstanceProfilesForRoleRequest {
  RoleName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListInstanceProfilesForRoleResponse {
  InstanceProfiles: InstanceProfile[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListInstanceProfilesRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListInstanceProfilesResponse {
  InstanceProfiles: InstanceProfile[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListMFADevicesRequest {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListMFADevicesResponse {
  MFADevices: MFADevice[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListPoliciesGrantingServiceAccessEntry {
  ServiceNamespace?: string;
  Policies?: PolicyGrantingServiceAccess[];
}

export interface ListPoliciesGrantingServiceAccessRequest {
  Marker?: string;
  Arn: string;
  ServiceNamespaces: string[];
}

export interface ListPoliciesGrantingServiceAccessResponse {
  PoliciesGrantingServiceAccess: ListPoliciesGrantingServiceAccessEntry[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListPoliciesRequest {
  Scope?: PolicyScopeType;
  OnlyAttached?: boolean;
  PathPrefix?: string;
  PolicyUsageFilter?: PolicyUsageType;
  Marker?: string;
  MaxItems?: number;
}

export interface ListPoliciesResponse {
  Policies?: Policy[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListPolicyTagsRequest {
  PolicyArn: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListPolicyTagsResponse {
  Tags: Tag[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListPolicyVersionsRequest {
  PolicyArn: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListPolicyVersionsResponse {
  Versions?: PolicyVersion[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListRolePoliciesRequest {
  RoleName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListRolePoliciesResponse {
  PolicyNames: string[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListRoleTagsRequest {
  RoleName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListRoleTagsResponse {
  Tags: Tag[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListRolesRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListRolesResponse {
  Roles: Role[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListSSHPublicKeysRequest {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListSSHPublicKeysResponse {
  SSHPublicKeys?: SSHPublicKeyMetadata[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListServiceSpecificCredentialsRequest {
  UserName?: string;
  ServiceName?: string;
  AllUsers?: boolean;
  Marker?: string;
  MaxItems?: number;
}

export interface ListServiceSpecificCredentialsResponse {
  ServiceSpecificCredentials?: ServiceSpecificCredentialMetadata[];
  Marker?: string;
  IsTruncated?: boolean;
}

export interface ListSigningCertificatesRequest {
  UserName?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListSigningCertificatesResponse {
  Certificates: SigningCertificate[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListUserPoliciesRequest {
  UserName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListUserPoliciesResponse {
  PolicyNames: string[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListUserTagsRequest {
  UserName: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListUserTagsResponse {
  Tags: Tag[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface ListUsersRequest {
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

export interface ListUsersResponse {
  Users: User[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface LoginProfile {
  UserName: string;
  CreateDate: number;
  PasswordResetRequired?: boolean;
}

export interface MFADevice {
  UserName: string;
  SerialNumber: string;
  EnableDate: number;
}

export interface ManagedPolicyDetail {
  PolicyName?: string;
  PolicyId?: string;
  Arn?: string;
  Path?: string;
  DefaultVersionId?: string;
  AttachmentCount?: number;
  PermissionsBoundaryUsageCount?: number;
  IsAttachable?: boolean;
  Description?: string;
  CreateDate?: number;
  UpdateDate?: number;
  PolicyVersionList?: PolicyVersion[];
}

export interface OrderedOrganizationPolicyType {
  ServiceControlPolicyInputList?: string[];
}

export interface OrganizationsDecisionDetail {
  AllowedByOrganizations?: boolean;
}

export interface PasswordPolicy {
  MinimumPasswordLength?: number;
  RequireSymbols?: boolean;
  RequireNumbers?: boolean;
  RequireUppercaseCharacters?: boolean;
  RequireLowercaseCharacters?: boolean;
  AllowUsersToChangePassword?: boolean;
  ExpirePasswords?: boolean;
  MaxPasswordAge?: number;
  PasswordReusePrevention?: number;
  HardExpiry?: boolean;
}

export interface PermissionsBoundaryDecisionDetail {
  AllowedByPermissionsBoundary?: boolean;
}

export interface Policy {
  PolicyName?: string;
  PolicyId?: string;
  Arn?: string;
  Path?: string;
  DefaultVersionId?: string;
  AttachmentCount?: number;
  PermissionsBoundaryUsageCount?: number;
  IsAttachable?: boolean;
  Description?: string;
  CreateDate?: number;
  UpdateDate?: number;
  Tags?: Tag[];
}

export interface PolicyDetail {
  PolicyName?: string;
  PolicyDocument?: string;
}

export interface PolicyGrantingServiceAccess {
  PolicyName: string;
  PolicyType: PolicyType;
  PolicyArn?: string;
  EntityType?: PolicyOwnerEntityType;
  EntityName?: string;
}

export interface PolicyGroup {
  GroupName?: string;
  GroupId?: string;
}

export interface PolicyIdentifier {
  PolicyType?: PolicyIdentifierPolicyType;
  PolicyArn?: string;
  InlinePolicyIdentifier?: InlinePolicyIdentifierType;
}

export interface PolicyRole {
  RoleName?: string;
  RoleId?: string;
}

export interface PolicyUser {
  UserName?: string;
  UserId?: string;
}

export interface PolicyVersion {
  Document?: string;
  VersionId?: string;
  IsDefaultVersion?: boolean;
  CreateDate?: number;
}

export interface Position {
  Line?: number;
  Column?: number;
}

export interface PutGroupPolicyRequest {
  GroupName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface PutRolePermissionsBoundaryRequest {
  RoleName: string;
  PermissionsBoundary: string;
}

export interface PutRolePolicyRequest {
  RoleName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface PutUserPermissionsBoundaryRequest {
  UserName: string;
  PermissionsBoundary: string;
}

export interface PutUserPolicyRequest {
  UserName: string;
  PolicyName: string;
  PolicyDocument: string;
}

export interface RemoveRoleFromInstanceProfileRequest {
  InstanceProfileName: string;
  RoleName: string;
}

export interface RemoveUserFromGroupRequest {
  GroupName: string;
  UserName: string;
}

export interface ResetServiceSpecificCredentialRequest {
  UserName?: string;
  ServiceSpecificCredentialId: string;
}

export interface ResetServiceSpecificCredentialResponse {
  ServiceSpecificCredential?: ServiceSpecificCredential;
}

export interface ResourceSpecificResult {
  EvalResourceName: string;
  EvalResourceDecision: PolicyEvaluationDecisionType;
  MatchedStatements?: Statement[];
  MissingContextValues?: string[];
  EvalDecisionDetails?: Record<string, PolicyEvaluationDecisionType>;
  PermissionsBoundaryDecisionDetail?: PermissionsBoundaryDecisionDetail;
}

export interface Role {
  Path: string;
  RoleName: string;
  RoleId: string;
  Arn: string;
  CreateDate: number;
  AssumeRolePolicyDocument?: string;
  Description?: string;
  MaxSessionDuration?: number;
  PermissionsBoundary?: AttachedPermissionsBoundary;
  Tags?: Tag[];
  RoleLastUsed?: RoleLastUsed;
  SourceRoleTemplate?: SourceRoleTemplate;
}

export interface RoleDetail {
  Path?: string;
  RoleName?: string;
  RoleId?: string;
  Arn?: string;
  CreateDate?: number;
  AssumeRolePolicyDocument?: string;
  InstanceProfileList?: InstanceProfile[];
  RolePolicyList?: PolicyDetail[];
  AttachedManagedPolicies?: AttachedPolicy[];
  PermissionsBoundary?: AttachedPermissionsBoundary;
  Tags?: Tag[];
  RoleLastUsed?: RoleLastUsed;
}

export interface RoleLastUsed {
  LastUsedDate?: number;
  Region?: string;
}

export interface RoleUsageType {
  Region?: string;
  Resources?: string[];
}

export interface SSHPublicKeyMetadata {
  UserName: string;
  SSHPublicKeyId: string;
  Status: StatusType;
  UploadDate: number;
}

export interface ServiceSpecificCredential {
  CreateDate: number;
  ExpirationDate?: number;
  ServiceName: string;
  ServiceUserName?: string;
  ServicePassword?: string;
  ServiceCredentialAlias?: string;
  ServiceCredentialSecret?: string;
  ServiceSpecificCredentialId: string;
  UserName: string;
  Status: StatusType;
}

export interface ServiceSpecificCredentialMetadata {
  UserName: string;
  Status: StatusType;
  ServiceUserName?: string;
  ServiceCredentialAlias?: string;
  CreateDate: number;
  ExpirationDate?: number;
  ServiceSpecificCredentialId: string;
  ServiceName: string;
}

export interface SetDefaultPolicyVersionRequest {
  PolicyArn: string;
  VersionId: string;
}

export interface SigningCertificate {
  UserName: string;
  CertificateId: string;
  CertificateBody: string;
  Status: StatusType;
  UploadDate?: number;
}

export interface SimulateCustomPolicyRequest {
  PolicyInputList: string[];
  PermissionsBoundaryPolicyInputList?: string[];
  OrderedOrganizationPolicyInputList?: OrderedOrganizationPolicyType[];
  ActionNames: string[];
  ResourceArns?: string[];
  ResourcePolicy?: string;
  ResourceOwner?: string;
  CallerArn?: string;
  ContextEntries?: ContextEntry[];
  ResourceHandlingOption?: string;
  MaxItems?: number;
  Marker?: string;
}

export interface SimulatePolicyResponse {
  EvaluationResults?: EvaluationResult[];
  IsTruncated?: boolean;
  Marker?: string;
}

export interface SimulatePrincipalPolicyRequest {
  PolicySourceArn: string;
  PolicyInputList?: string[];
  PermissionsBoundaryPolicyInputList?: string[];
  PolicyExclusionList?: PolicyIdentifier[];
  ActionNames: string[];
  ResourceArns?: string[];
  ResourcePolicy?: string;
  ResourceOwner?: string;
  CallerArn?: string;
  ContextEntries?: ContextEntry[];
  ResourceHandlingOption?: string;
  MaxItems?: number;
  Marker?: string;
}

export interface SourceRoleTemplate {
  TemplateArn: string;
  TemplateMinorVersion: number;
}

export interface Statement {
  SourcePolicyId?: string;
  SourcePolicyType?: PolicySourceType;
  StartPosition?: Position;
  EndPosition?: Position;
}

export interface Tag {
  Key: string;
  Value: string;
}

export interface TagInstanceProfileRequest {
  InstanceProfileName: string;
  Tags: Tag[];
}

export interface TagPolicyRequest {
  PolicyArn: string;
  Tags: Tag[];
}

export interface TagRoleRequest {
  RoleName: string;
  Tags: Tag[];
}

export interface TagUserRequest {
  UserName: string;
  Tags: Tag[];
}

export interface UntagInstanceProfileRequest {
  InstanceProfileName: string;
  TagKeys: string[];
}

export interface UntagPolicyRequest {
  PolicyArn: string;
  TagKeys: string[];
}

export interface UntagRoleRequest {
  RoleName: string;
  TagKeys: string[];
}

export interface UntagUserRequest {
  UserName: string;
  TagKeys: string[];
}

export interface UpdateAccessKeyRequest {
  UserName?: string;
  AccessKeyId: string;
  Status: StatusType;
}

export interface UpdateAccountPasswordPolicyRequest {
  MinimumPasswordLength?: number;
  RequireSymbols?: boolean;
  RequireNumbers?: boolean;
  RequireUppercaseCharacters?: boolean;
  RequireLowercaseCharacters?: boolean;
  AllowUsersToChangePassword?: boolean;
  MaxPasswordAge?: number;
  PasswordReusePrevention?: number;
  HardExpiry?: boolean;
}

export interface UpdateAssumeRolePolicyRequest {
  RoleName: string;
  PolicyDocument: string;
}

export interface UpdateGroupRequest {
  GroupName: string;
  NewPath?: string;
  NewGroupName?: string;
}

export interface UpdateLoginProfileRequest {
  UserName: string;
  Password?: string;
  PasswordResetRequired?: boolean;
}

export interface UpdateRoleDescriptionRequest {
  RoleName: string;
  Description: string;
}

export interface UpdateRoleDescriptionResponse {
  Role?: Role;
}

export interface UpdateRoleRequest {
  RoleName: string;
  Description?: string;
  MaxSessionDuration?: number;
}

export interface UpdateRoleResponse {
}

export interface UpdateServiceSpecificCredentialRequest {
  UserName?: string;
  ServiceSpecificCredentialId: string;
  Status: StatusType;
}

export interface UpdateUserRequest {
  UserName: string;
  NewPath?: string;
  NewUserName?: string;
}

export interface User {
  Path: string;
  UserName: string;
  UserId: string;
  Arn: string;
  CreateDate: number;
  PasswordLastUsed?: number;
  PermissionsBoundary?: AttachedPermissionsBoundary;
  Tags?: Tag[];
}

export interface UserDetail {
  Path?: string;
  UserName?: string;
  UserId?: string;
  Arn?: string;
  CreateDate?: number;
  UserPolicyList?: PolicyDetail[];
  GroupList?: string[];
  AttachedManagedPolicies?: AttachedPolicy[];
  PermissionsBoundary?: AttachedPermissionsBoundary;
  Tags?: Tag[];
}

export type AttachmentType = "user" | "group" | "role";

export type ContextKeyTypeEnum = "string" | "stringList" | "numeric" | "numericList" | "boolean" | "booleanList" | "ip" | "ipList" | "binary" | "binaryList" | "date" | "dateList";

export type DeletionTaskStatusType = "SUCCEEDED" | "IN_PROGRESS" | "FAILED" | "NOT_STARTED";

export type EntityType = "User" | "Role" | "Group" | "LocalManagedPolicy" | "AWSManagedPolicy";

export type PermissionsBoundaryAttachmentType = "PermissionsBoundaryPolicy";

export type PolicyEvaluationDecisionType = "allowed" | "explicitDeny" | "implicitDeny";

export type PolicyIdentifierPolicyType = "inline" | "aws-managed" | "user-managed" | "permission-boundary" | "scp" | "rcp";

export type PolicyOwnerEntityType = "USER" | "ROLE" | "GROUP";

export type PolicyScopeType = "All" | "AWS" | "Local";

export type PolicySourceType = "user" | "group" | "role" | "aws-managed" | "user-managed" | "resource" | "none";

export type PolicyType = "INLINE" | "MANAGED";

export type PolicyUsageType = "PermissionsPolicy" | "PermissionsBoundary";

export type ReportFormatType = "text/csv";

export type ReportStateType = "STARTED" | "INPROGRESS" | "COMPLETE";

export type StatusType = "Active" | "Inactive" | "Expired";
