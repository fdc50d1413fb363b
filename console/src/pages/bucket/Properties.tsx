/** What a bucket is set to: versions, website, policy, tags. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { ApiError } from "../../api/client";
import { may } from "../../api/may";
import { useAction, useCall } from "../../api/queries";
import { Permitted } from "../../parts/Permitted";
import { useNotices } from "../../shell/notices";

export function Properties({ bucket }: { bucket: string }) {
  const { failed } = useNotices();
  const versioning = useCall("s3", "GetBucketVersioning", { Bucket: bucket });
  const website = useCall("s3", "GetBucketWebsite", { Bucket: bucket });
  const policy = useCall("s3", "GetBucketPolicy", { Bucket: bucket });
  const access = useCall("s3", "GetPublicAccessBlock", { Bucket: bucket });
  const tags = useCall("s3", "GetBucketTagging", { Bucket: bucket });
  const change = useAction("s3", "PutBucketVersioning");
  const enabled = versioning.data?.Status === "Enabled";
  const wanted = { Bucket: bucket, VersioningConfiguration: { Status: enabled ? ("Suspended" as const) : ("Enabled" as const) } };
  const blocked = access.data?.PublicAccessBlockConfiguration;
  const closed = blocked?.BlockPublicPolicy && blocked.RestrictPublicBuckets && blocked.BlockPublicAcls && blocked.IgnorePublicAcls;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <Permitted
                asks={may("s3", "PutBucketVersioning", wanted)}
                loading={change.isPending}
                onClick={() => change.mutate(wanted, { onError: (error) => failed(error, "Not changed") })}
              >
                {enabled ? "Suspend versions" : "Keep versions"}
              </Permitted>
            }
          >
            Properties
          </Header>
        }
      >
        <KeyValuePairs
          columns={4}
          items={[
            { label: "ARN", value: `arn:aws:s3:::${bucket}` },
            {
              label: "Versions",
              value: versioning.error ? (
                said(versioning.error)
              ) : (
                <StatusIndicator type={enabled ? "success" : "stopped"}>
                  {enabled ? "Kept" : (versioning.data?.Status ?? "Not kept")}
                </StatusIndicator>
              ),
            },
            {
              label: "Public access",
              value: access.error ? said(access.error, "Not blocked") : closed ? "Blocked" : "Partly allowed",
            },
            {
              label: "Website",
              value: website.error ? said(website.error, "Off") : (website.data?.IndexDocument?.Suffix ?? "Redirects"),
            },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">Policy</Header>}>
        {policy.error ? said(policy.error, "The bucket has no policy.") : <Box variant="pre">{pretty(policy.data?.Policy)}</Box>}
      </Container>
      <Container header={<Header variant="h2">Tags</Header>}>
        {tags.error
          ? said(tags.error, "The bucket has no tags.")
          : tags.data && (
              <KeyValuePairs columns={4} items={tags.data.TagSet.map((each) => ({ label: each.Key, value: each.Value }))} />
            )}
      </Container>
    </SpaceBetween>
  );
}

/** S3 tells by an error that something is not set. */
function said(error: ApiError, otherwise = ""): string {
  return error.status === 404 && otherwise ? otherwise : error.message;
}

function pretty(text: string | undefined): string {
  try {
    return JSON.stringify(JSON.parse(text ?? ""), null, 2);
  } catch {
    return text ?? "";
  }
}
