/** One managed policy: what it says, its versions, who holds it. AWS's own can only be read. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../../api/client";
import { may } from "../../../api/may";
import type { Policy } from "../../../api/models/iam";
import { useCall } from "../../../api/queries";
import { Failure } from "../../../parts/Failure";
import { Permitted } from "../../../parts/Permitted";
import { When } from "../../../parts/When";
import { useNotices } from "../../../shell/notices";
import { Copied } from "../Once";
import { Staged, type Step } from "../Staged";
import { useTab } from "../address";
import "../people.css";
import { decoded } from "../holders";
import { Document } from "./Document";
import { EditPolicy } from "./EditPolicy";
import { UsedBy, useUsers } from "./UsedBy";
import { Versions, useVersions } from "./Versions";

export function PolicyPage({ arn }: { arn: string }) {
  const found = useCall("iam", "GetPolicy", { PolicyArn: arn });
  const policy = found.data?.Policy;
  if (found.error) return <Failure error={found.error} what="this policy" again={found.refetch} />;
  return policy ? <Known policy={policy} arn={arn} /> : null;
}

function Known({ policy, arn }: { policy: Policy; arn: string }) {
  const [tab, setTab] = useTab("document");
  const [doing, setDoing] = useState<"edit" | "delete">();
  const own = !arn.startsWith("arn:aws:iam::aws:");
  const version = useCall("iam", "GetPolicyVersion", { PolicyArn: arn, VersionId: policy.DefaultVersionId ?? "v1" });
  const text = decoded(version.data?.PolicyVersion?.Document);
  const document = (
    <Container header={<Header>{`Version ${policy.DefaultVersionId}, in force`}</Header>}>
      <Failure error={version.error} what="what the policy says" />
      {text && <Document text={text} />}
    </Container>
  );
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={policy.Description && <span className="cell-text">{policy.Description}</span>}
        actions={own ? <Actions arn={arn} ready={Boolean(text)} onDo={setDoing} /> : <Button disabled disabledReason="AWS's own policies are read-only: create one of your own.">Edit</Button>}
      >
        <span className="cell-text">{policy.PolicyName}</span>
      </Header>
      <Container>
        <KeyValuePairs
          columns={3}
          items={[
            { label: "ARN", value: <Copied label="ARN" value={arn} /> },
            { label: "Kind", value: own ? "Your own" : "AWS's" },
            { label: "Changed", value: <When at={policy.UpdateDate} /> },
          ]}
        />
      </Container>
      <Tabs
        activeTabId={tab}
        onChange={(event) => setTab(event.detail.activeTabId)}
        tabs={[
          { id: "document", label: "What it says", content: document },
          { id: "versions", label: "Versions", content: <Versions arn={arn} own={own} /> },
          { id: "holders", label: "Who holds it", content: <UsedBy arn={arn} /> },
        ]}
      />
      {doing === "edit" && <EditPolicy arn={arn} text={text} onDone={() => setDoing(undefined)} />}
      {doing === "delete" && <DeletePolicy arn={arn} name={policy.PolicyName ?? ""} onDone={() => setDoing(undefined)} />}
    </SpaceBetween>
  );
}

function Actions({ arn, ready, onDo }: { arn: string; ready: boolean; onDo: (what: "edit" | "delete") => void }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Permitted asks={may("iam", "DeletePolicy", { PolicyArn: arn })} onClick={() => onDo("delete")}>
        Delete
      </Permitted>
      <Permitted
        variant="primary"
        disabled={!ready}
        asks={may("iam", "CreatePolicyVersion", { PolicyArn: arn, PolicyDocument: "{}" })}
        onClick={() => onDo("edit")}
      >
        Edit
      </Permitted>
    </SpaceBetween>
  );
}

function DeletePolicy({ arn, name, onDone }: { arn: string; name: string; onDone: () => void }) {
  const navigate = useNavigate();
  const { tell } = useNotices();
  const users = useUsers(arn);
  const versions = useVersions(arn);
  const steps: Step[] = [
    ...(users.data ?? []).filter((each) => each.usage === "attached").map((each) => ({
      key: `${each.kind}/${each.name}`,
      what: `Detach it from the ${each.kind} ${each.name}`,
      run: each.detach,
    })),
    ...(versions.data ?? []).filter((each) => !each.IsDefaultVersion).map((each) => ({
      key: each.VersionId ?? "",
      what: `Delete version ${each.VersionId}`,
      run: () => call("iam", "DeletePolicyVersion", { PolicyArn: arn, VersionId: each.VersionId ?? "" }),
    })),
    { key: "policy", what: `Delete the policy ${name}`, run: () => call("iam", "DeletePolicy", { PolicyArn: arn }) },
  ];
  return (
    <Staged
      title={`Delete ${name}?`}
      verb="Delete"
      planned
      typed={name}
      disabled={!users.data || !versions.data}
      steps={steps}
      onFinished={() => {
        tell("success", `The policy ${name} is deleted.`);
        navigate("/people?tab=policies");
      }}
      onDone={onDone}
    >
      {() => <Failure error={users.error ?? versions.error} what="what hangs on the policy" />}
    </Staged>
  );
}
