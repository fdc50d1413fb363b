/** The versions of a managed policy: which one is in force, what each changed, making another the default. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../../api/client";
import { may } from "../../../api/may";
import type { PolicyVersion } from "../../../api/models/iam";
import { useCall, useListing } from "../../../api/queries";
import { Confirm } from "../../../parts/Confirm";
import { Failure } from "../../../parts/Failure";
import { Permitted } from "../../../parts/Permitted";
import { When } from "../../../parts/When";
import { useNotices } from "../../../shell/notices";
import { decoded } from "../holders";
import { Diff } from "./Diff";
import { Document } from "./Document";

/** The versions of a policy, newest first. */
export function useVersions(arn: string) {
  const pick = (page: { Versions?: PolicyVersion[]; IsTruncated?: boolean; Marker?: string }) =>
    [page.Versions, page.IsTruncated ? page.Marker : undefined] as [PolicyVersion[] | undefined, string | undefined];
  return useListing("iam", "ListPolicyVersions", { PolicyArn: arn }, pick, { token: "Marker" });
}

export function Versions({ arn, own }: { arn: string; own: boolean }) {
  const found = useVersions(arn);
  const versions = found.data ?? [];
  return (
    <Container header={<Header counter={`(${versions.length})`}>Versions</Header>}>
      <Failure error={found.error} what="the versions" again={found.refetch} />
      <SpaceBetween size="m">
        {versions.map((each, index) => (
          <Version key={each.VersionId} arn={arn} own={own} version={each} before={versions[index + 1]} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

interface Props {
  arn: string;
  own: boolean;
  version: PolicyVersion;
  before: PolicyVersion | undefined;
}

function Version({ arn, own, version, before }: Props) {
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState<"default" | "delete">();
  const id = version.VersionId ?? "";
  return (
    <SpaceBetween size="xs">
      <Box>
        <Box variant="strong">{id}</Box> {version.IsDefaultVersion && <StatusIndicator type="success">In force</StatusIndicator>}{" "}
        <Box variant="small">
          <When at={version.CreateDate} />
        </Box>
      </Box>
      {own && !version.IsDefaultVersion && (
        <SpaceBetween direction="horizontal" size="xs">
          <Permitted
            asks={may("iam", "SetDefaultPolicyVersion", { PolicyArn: arn, VersionId: id })}
            ariaLabel={`Put ${id} in force`}
            onClick={() => setAsking("default")}
          >
            Put in force
          </Permitted>
          <Permitted
            asks={may("iam", "DeletePolicyVersion", { PolicyArn: arn, VersionId: id })}
            ariaLabel={`Delete ${id}`}
            onClick={() => setAsking("delete")}
          >
            Delete
          </Permitted>
        </SpaceBetween>
      )}
      <ExpandableSection
        headerText={before ? `What ${id} changed from ${before.VersionId}` : `What ${id} says`}
        expanded={open}
        onChange={(event) => setOpen(event.detail.expanded)}
      >
        {open && <Content arn={arn} version={id} before={before?.VersionId} />}
      </ExpandableSection>
      {asking && <Asking arn={arn} version={id} what={asking} onDone={() => setAsking(undefined)} />}
    </SpaceBetween>
  );
}

function Content({ arn, version, before }: { arn: string; version: string; before: string | undefined }) {
  const now = useCall("iam", "GetPolicyVersion", { PolicyArn: arn, VersionId: version });
  const then = useCall("iam", "GetPolicyVersion", { PolicyArn: arn, VersionId: before ?? version }, { enabled: Boolean(before) });
  const text = decoded(now.data?.PolicyVersion?.Document);
  if (now.error ?? then.error) return <Failure error={now.error ?? then.error} what="the policy" />;
  if (!before) return <Document text={text} />;
  return now.data && then.data ? <Diff before={decoded(then.data.PolicyVersion?.Document)} after={text} /> : null;
}

function Asking({ arn, version, what, onDone }: { arn: string; version: string; what: "default" | "delete"; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const given = { PolicyArn: arn, VersionId: version };
  const go = async () => {
    await (what === "default" ? call("iam", "SetDefaultPolicyVersion", given) : call("iam", "DeletePolicyVersion", given));
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", what === "default" ? `Version ${version} is in force.` : `Version ${version} is deleted.`);
  };
  return (
    <Confirm
      title={what === "default" ? `Put ${version} in force?` : `Delete ${version}?`}
      verb={what === "default" ? "Put in force" : "Delete"}
      onConfirm={go}
      onDone={onDone}
    >
      {what === "default"
        ? "From the next request on, this version counts for everybody who holds the policy."
        : "A deleted version cannot be brought back; its number is not used again."}
    </Confirm>
  );
}
