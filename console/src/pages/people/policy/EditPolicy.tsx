/** Changing a managed policy: the new text becomes a version, in force at once unless that is not wanted. */

import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../../api/client";
import { Confirm } from "../../../parts/Confirm";
import { useNotices } from "../../../shell/notices";
import { Diff } from "./Diff";
import { Editor, unfit } from "./Editor";
import { MANAGED_LIMIT } from "./limits";
import { useVersions } from "./Versions";

const MOST_VERSIONS = 5;

export function EditPolicy({ arn, text, onDone }: { arn: string; text: string; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const versions = useVersions(arn).data ?? [];
  const [document, setDocument] = useState(text);
  const [force, setForce] = useState(true);
  const oldest = versions.length >= MOST_VERSIONS ? versions.filter((each) => !each.IsDefaultVersion).at(-1) : undefined;
  const save = async () => {
    if (oldest) await call("iam", "DeletePolicyVersion", { PolicyArn: arn, VersionId: oldest.VersionId ?? "" });
    const made = await call("iam", "CreatePolicyVersion", { PolicyArn: arn, PolicyDocument: document, SetAsDefault: force });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `Version ${made.PolicyVersion?.VersionId} is saved${force ? " and in force" : ""}.`);
  };
  return (
    <Confirm
      title="Edit the policy"
      verb="Save as a new version"
      size="large"
      disabled={Boolean(unfit(document, "identity", MANAGED_LIMIT)) || document === text}
      onConfirm={save}
      onDone={onDone}
    >
      {oldest && (
        <Alert type="warning">
          A policy has {MOST_VERSIONS} versions at most: saving deletes {oldest.VersionId}, the oldest that is not in force.
        </Alert>
      )}
      <Editor value={document} onChange={setDocument} limit={MANAGED_LIMIT} />
      <ExpandableSection headerText="What you have changed">
        <Diff before={text} after={document} />
      </ExpandableSection>
      <Checkbox checked={force} onChange={(event) => setForce(event.detail.checked)}>
        Put the new version in force
      </Checkbox>
    </Confirm>
  );
}
