/** Pickers of what this server has: repositories, branches, buckets, keys, projects, pipelines, roles. */

import type { AutosuggestProps } from "@cloudscape-design/components/autosuggest";
import type { UseQueryResult } from "@tanstack/react-query";

import type { ApiError } from "../../api/client";
import { useListing } from "../../api/queries";
import { Picker, type PickerProps } from "./Picker";

type Options = UseQueryResult<AutosuggestProps.Option[], ApiError>;

const plain = (names: (string | undefined)[] | undefined) => (names ?? []).map((value) => ({ value: value ?? "" }));
const some = (value: string) => value !== "" && !value.includes("#{");

export function RepositoryPicker(props: PickerProps) {
  const found: Options = useListing("codecommit", "ListRepositories", {}, (page) => [
    plain(page.repositories?.map((each) => each.repositoryName)),
    page.nextToken,
  ]);
  return <Picker {...props} found={found} what="repositories" />;
}

export function BranchPicker({ repository, ...props }: PickerProps & { repository: string }) {
  const found: Options = useListing(
    "codecommit",
    "ListBranches",
    { repositoryName: repository },
    (page) => [plain(page.branches), page.nextToken],
    { enabled: some(repository) },
  );
  return <Picker {...props} found={found} what="branches" />;
}

export function BucketPicker(props: PickerProps) {
  const found: Options = useListing(
    "s3",
    "ListBuckets",
    {},
    (page) => [plain(page.Buckets?.map((each) => each.Name)), page.ContinuationToken],
    { token: "ContinuationToken" },
  );
  return <Picker {...props} found={found} what="buckets" />;
}

/** Keys of a bucket: the first thousand. */
export function KeyPicker({ bucket, ...props }: PickerProps & { bucket: string }) {
  const found: Options = useListing(
    "s3",
    "ListObjectsV2",
    { Bucket: bucket },
    (page) => [plain(page.Contents?.map((each) => each.Key)), undefined],
    { enabled: some(bucket) },
  );
  return <Picker {...props} found={found} what="objects" />;
}

export function ProjectPicker(props: PickerProps) {
  const found: Options = useListing("codebuild", "ListProjects", {}, (page) => [plain(page.projects), page.nextToken]);
  return <Picker {...props} found={found} what="build projects" />;
}

export function PipelinePicker(props: PickerProps) {
  const found: Options = useListing("codepipeline", "ListPipelines", {}, (page) => [
    plain(page.pipelines?.map((each) => each.name)),
    page.nextToken,
  ]);
  return <Picker {...props} found={found} what="pipelines" />;
}

/** Roles by ARN. With `service` (such as codepipeline.amazonaws.com), those that it may assume. */
export function RolePicker({ service, ...props }: PickerProps & { service?: string }) {
  const found: Options = useListing(
    "iam",
    "ListRoles",
    {},
    (page) => [
      page.Roles.filter((each) => !service || decodeURIComponent(each.AssumeRolePolicyDocument ?? "").includes(service)).map((each) => ({
        value: each.Arn,
        label: each.Arn,
        description: each.Description,
      })),
      page.IsTruncated ? page.Marker : undefined,
    ],
    { token: "Marker" },
  );
  return <Picker placeholder="arn:aws:iam::…:role/…" {...props} found={found} what="roles" />;
}
