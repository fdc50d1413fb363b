/**
 * Pickers of what this server has: repositories, branches, buckets, keys, projects, pipelines, roles. Listings are kept as they come,
 * since other pages show the same ones.
 */

import type { AutosuggestProps } from "@cloudscape-design/components/autosuggest";

import { useCall, useListing } from "../../api/queries";
import { Picker, type PickerProps } from "./Picker";

const option = (value: string | undefined): AutosuggestProps.Option => ({ value: value ?? "" });
const some = (value: string) => value !== "" && !value.includes("#{");

export function RepositoryPicker(props: PickerProps) {
  const found = useListing("codecommit", "ListRepositories", {}, (page) => [page.repositories, page.nextToken]);
  return <Picker {...props} found={found} options={found.data?.map((each) => option(each.repositoryName))} what="repositories" />;
}

export function BranchPicker({ repository, ...props }: PickerProps & { repository: string }) {
  const found = useListing(
    "codecommit",
    "ListBranches",
    { repositoryName: repository },
    (page) => [page.branches, page.nextToken],
    {
      enabled: some(repository),
    },
  );
  return <Picker {...props} found={found} options={found.data?.map(option)} what="branches" />;
}

/** All buckets. */
export function useBuckets() {
  return useListing("s3", "ListBuckets", {}, (page) => [page.Buckets, page.ContinuationToken], { token: "ContinuationToken" });
}

export function BucketPicker(props: PickerProps) {
  const found = useBuckets();
  return <Picker {...props} found={found} options={found.data?.map((each) => option(each.Name))} what="buckets" />;
}

/** Whether a bucket that is there has no versions. */
export function useUnversioned(name: string): boolean {
  const there = useListing("s3", "ListBuckets", {}, (page) => [page.Buckets, page.ContinuationToken], {
    token: "ContinuationToken",
    enabled: some(name),
  }).data?.some((each) => each.Name === name);
  const found = useCall("s3", "GetBucketVersioning", { Bucket: name }, { enabled: Boolean(there) && some(name) });
  return Boolean(there) && found.isSuccess && found.data.Status !== "Enabled";
}

/** Keys of a bucket: the first thousand. */
export function KeyPicker({ bucket, ...props }: PickerProps & { bucket: string }) {
  const found = useListing("s3", "ListObjectsV2", { Bucket: bucket }, (page) => [page.Contents, undefined], {
    enabled: some(bucket),
    most: 1,
  });
  return <Picker {...props} found={found} options={found.data?.map((each) => option(each.Key))} what="objects" />;
}

export function ProjectPicker(props: PickerProps) {
  const found = useListing("codebuild", "ListProjects", {}, (page) => [page.projects, page.nextToken]);
  return <Picker {...props} found={found} options={found.data?.map(option)} what="build projects" />;
}

/** All pipelines. */
export function usePipelines() {
  return useListing("codepipeline", "ListPipelines", {}, (page) => [page.pipelines, page.nextToken]);
}

export function PipelinePicker(props: PickerProps) {
  const found = usePipelines();
  return <Picker {...props} found={found} options={found.data?.map((each) => option(each.name))} what="pipelines" />;
}

/** Roles by ARN. With `service` (such as codepipeline.amazonaws.com), those that it may assume. */
export function RolePicker({ service, ...props }: PickerProps & { service?: string }) {
  const found = useListing("iam", "ListRoles", {}, (page) => [page.Roles, page.IsTruncated ? page.Marker : undefined], {
    token: "Marker",
  });
  const options = found.data
    ?.filter((each) => !service || decodeURIComponent(each.AssumeRolePolicyDocument ?? "").includes(service))
    .map((each) => ({ value: each.Arn, description: each.Description }));
  return <Picker placeholder="arn:aws:iam::…:role/…" {...props} found={found} options={options} what="roles" />;
}
