// Made by console/models.py from the service models; change nothing here.

export interface Operations {
  BatchGetCommits: [BatchGetCommitsInput, BatchGetCommitsOutput];
  BatchGetRepositories: [BatchGetRepositoriesInput, BatchGetRepositoriesOutput];
  CreateBranch: [CreateBranchInput, object];
  CreateCommit: [CreateCommitInput, CreateCommitOutput];
  CreateRepository: [CreateRepositoryInput, CreateRepositoryOutput];
  DeleteBranch: [DeleteBranchInput, DeleteBranchOutput];
  DeleteFile: [DeleteFileInput, DeleteFileOutput];
  DeleteRepository: [DeleteRepositoryInput, DeleteRepositoryOutput];
  GetBlob: [GetBlobInput, GetBlobOutput];
  GetBranch: [GetBranchInput, GetBranchOutput];
  GetCommit: [GetCommitInput, GetCommitOutput];
  GetDifferences: [GetDifferencesInput, GetDifferencesOutput];
  GetFile: [GetFileInput, GetFileOutput];
  GetFolder: [GetFolderInput, GetFolderOutput];
  GetRepository: [GetRepositoryInput, GetRepositoryOutput];
  ListBranches: [ListBranchesInput, ListBranchesOutput];
  ListFileCommitHistory: [ListFileCommitHistoryRequest, ListFileCommitHistoryResponse];
  ListRepositories: [ListRepositoriesInput, ListRepositoriesOutput];
  ListTagsForResource: [ListTagsForResourceInput, ListTagsForResourceOutput];
  PutFile: [PutFileInput, PutFileOutput];
  TagResource: [TagResourceInput, object];
  UntagResource: [UntagResourceInput, object];
  UpdateDefaultBranch: [UpdateDefaultBranchInput, object];
  UpdateRepositoryDescription: [UpdateRepositoryDescriptionInput, object];
  UpdateRepositoryName: [UpdateRepositoryNameInput, object];
}

export interface BatchGetCommitsError {
  commitId?: string;
  errorCode?: string;
  errorMessage?: string;
}

export interface BatchGetCommitsInput {
  commitIds: string[];
  repositoryName: string;
}

export interface BatchGetCommitsOutput {
  commits?: Commit[];
  errors?: BatchGetCommitsError[];
}

export interface BatchGetRepositoriesError {
  repositoryId?: string;
  repositoryName?: string;
  errorCode?: BatchGetRepositoriesErrorCodeEnum;
  errorMessage?: string;
}

export interface BatchGetRepositoriesInput {
  repositoryNames: string[];
}

export interface BatchGetRepositoriesOutput {
  repositories?: RepositoryMetadata[];
  repositoriesNotFound?: string[];
  errors?: BatchGetRepositoriesError[];
}

export interface BlobMetadata {
  blobId?: string;
  path?: string;
  mode?: string;
}

export interface BranchInfo {
  branchName?: string;
  commitId?: string;
}

export interface Commit {
  commitId?: string;
  treeId?: string;
  parents?: string[];
  message?: string;
  author?: UserInfo;
  committer?: UserInfo;
  additionalData?: string;
}

export interface CreateBranchInput {
  repositoryName: string;
  branchName: string;
  commitId: string;
}

export interface CreateCommitInput {
  repositoryName: string;
  branchName: string;
  parentCommitId?: string;
  authorName?: string;
  email?: string;
  commitMessage?: string;
  keepEmptyFolders?: boolean;
  putFiles?: PutFileEntry[];
  deleteFiles?: DeleteFileEntry[];
  setFileModes?: SetFileModeEntry[];
}

export interface CreateCommitOutput {
  commitId?: string;
  treeId?: string;
  filesAdded?: FileMetadata[];
  filesUpdated?: FileMetadata[];
  filesDeleted?: FileMetadata[];
}

export interface CreateRepositoryInput {
  repositoryName: string;
  repositoryDescription?: string;
  tags?: Record<string, string>;
  kmsKeyId?: string;
}

export interface CreateRepositoryOutput {
  repositoryMetadata?: RepositoryMetadata;
}

export interface DeleteBranchInput {
  repositoryName: string;
  branchName: string;
}

export interface DeleteBranchOutput {
  deletedBranch?: BranchInfo;
}

export interface DeleteFileEntry {
  filePath: string;
}

export interface DeleteFileInput {
  repositoryName: string;
  branchName: string;
  filePath: string;
  parentCommitId: string;
  keepEmptyFolders?: boolean;
  commitMessage?: string;
  name?: string;
  email?: string;
}

export interface DeleteFileOutput {
  commitId: string;
  blobId: string;
  treeId: string;
  filePath: string;
}

export interface DeleteRepositoryInput {
  repositoryName: string;
}

export interface DeleteRepositoryOutput {
  repositoryId?: string;
}

export interface Difference {
  beforeBlob?: BlobMetadata;
  afterBlob?: BlobMetadata;
  changeType?: ChangeTypeEnum;
}

export interface File {
  blobId?: string;
  absolutePath?: string;
  relativePath?: string;
  fileMode?: FileModeTypeEnum;
}

export interface FileMetadata {
  absolutePath?: string;
  blobId?: string;
  fileMode?: FileModeTypeEnum;
}

export interface FileVersion {
  commit?: Commit;
  blobId?: string;
  path?: string;
  revisionChildren?: string[];
}

export interface Folder {
  treeId?: string;
  absolutePath?: string;
  relativePath?: string;
}

export interface GetBlobInput {
  repositoryName: string;
  blobId: string;
}

export interface GetBlobOutput {
  content: string;
}

export interface GetBranchInput {
  repositoryName?: string;
  branchName?: string;
}

export interface GetBranchOutput {
  branch?: BranchInfo;
}

export interface GetCommitInput {
  repositoryName: string;
  commitId: string;
}

export interface GetCommitOutput {
  commit: Commit;
}

export interface GetDifferencesInput {
  repositoryName: string;
  beforeCommitSpecifier?: string;
  afterCommitSpecifier: string;
  beforePath?: string;
  afterPath?: string;
  MaxResults?: number;
  NextToken?: string;
}

export interface GetDifferencesOutput {
  differences?: Difference[];
  NextToken?: string;
}

export interface GetFileInput {
  repositoryName: string;
  commitSpecifier?: string;
  filePath: string;
}

export interface GetFileOutput {
  commitId: string;
  blobId: string;
  filePath: string;
  fileMode: FileModeTypeEnum;
  fileSize: number;
  fileContent: string;
}

export interface GetFolderInput {
  repositoryName: string;
  commitSpecifier?: string;
  folderPath: string;
}

export interface GetFolderOutput {
  commitId: string;
  folderPath: string;
  treeId?: string;
  subFolders?: Folder[];
  files?: File[];
  symbolicLinks?: SymbolicLink[];
  subModules?: SubModule[];
}

export interface GetRepositoryInput {
  repositoryName: string;
}

export interface GetRepositoryOutput {
  repositoryMetadata?: RepositoryMetadata;
}

export interface ListBranchesInput {
  repositoryName: string;
  nextToken?: string;
}

export interface ListBranchesOutput {
  branches?: string[];
  nextToken?: string;
}

export interface ListFileCommitHistoryRequest {
  repositoryName: string;
  commitSpecifier?: string;
  filePath: string;
  maxResults?: number;
  nextToken?: string;
}

export interface ListFileCommitHistoryResponse {
  revisionDag: FileVersion[];
  nextToken?: string;
}

export interface ListRepositoriesInput {
  nextToken?: string;
  sortBy?: SortByEnum;
  order?: OrderEnum;
}

export interface ListRepositoriesOutput {
  repositories?: RepositoryNameIdPair[];
  nextToken?: string;
}

export interface ListTagsForResourceInput {
  resourceArn: string;
  nextToken?: string;
}

export interface ListTagsForResourceOutput {
  tags?: Record<string, string>;
  nextToken?: string;
}

export interface PutFileEntry {
  filePath: string;
  fileMode?: FileModeTypeEnum;
  fileContent?: string;
  sourceFile?: SourceFileSpecifier;
}

export interface PutFileInput {
  repositoryName: string;
  branchName: string;
  fileContent: string;
  filePath: string;
  fileMode?: FileModeTypeEnum;
  parentCommitId?: string;
  commitMessage?: string;
  name?: string;
  email?: string;
}

export interface PutFileOutput {
  commitId: string;
  blobId: string;
  treeId: string;
}

export interface RepositoryMetadata {
  accountId?: string;
  repositoryId?: string;
  repositoryName?: string;
  repositoryDescription?: string;
  defaultBranch?: string;
  lastModifiedDate?: number;
  creationDate?: number;
  cloneUrlHttp?: string;
  cloneUrlSsh?: string;
  Arn?: string;
  kmsKeyId?: string;
}

export interface RepositoryNameIdPair {
  repositoryName?: string;
  repositoryId?: string;
}

export interface SetFileModeEntry {
  filePath: string;
  fileMode: FileModeTypeEnum;
}

export interface SourceFileSpecifier {
  filePath: string;
  isMove?: boolean;
}

export interface SubModule {
  commitId?: string;
  absolutePath?: string;
  relativePath?: string;
}

export interface SymbolicLink {
  blobId?: string;
  absolutePath?: string;
  relativePath?: string;
  fileMode?: FileModeTypeEnum;
}

export interface TagResourceInput {
  resourceArn: string;
  tags: Record<string, string>;
}

export interface UntagResourceInput {
  resourceArn: string;
  tagKeys: string[];
}

export interface UpdateDefaultBranchInput {
  repositoryName: string;
  defaultBranchName: string;
}

export interface UpdateRepositoryDescriptionInput {
  repositoryName: string;
  repositoryDescription?: string;
}

export interface UpdateRepositoryNameInput {
  oldName: string;
  newName: string;
}

export interface UserInfo {
  name?: string;
  email?: string;
  date?: string;
}

export type BatchGetRepositoriesErrorCodeEnum = "EncryptionIntegrityChecksFailedException" | "EncryptionKeyAccessDeniedException" | "EncryptionKeyDisabledException" | "EncryptionKeyNotFoundException" | "EncryptionKeyUnavailableException" | "RepositoryDoesNotExistException";

export type ChangeTypeEnum = "A" | "M" | "D";

export type FileModeTypeEnum = "EXECUTABLE" | "NORMAL" | "SYMLINK";

export type OrderEnum = "ascending" | "descending";

export type SortByEnum = "repositoryName" | "lastModifiedDate";
