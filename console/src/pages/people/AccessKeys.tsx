/** Access keys of a user (without a name: of whoever is signed in): made, switched on and off, deleted, last used. */

import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import type { AccessKeyMetadata } from "../../api/models/iam";
import { useCall } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { useNotices } from "../../shell/notices";
import { Listing } from "./Listing";
import { NewAccessKey } from "./NewAccessKey";

const MOST = 2;

export function AccessKeys({ user }: { user?: string }) {
  const whose = user ? { UserName: user } : {};
  const found = useCall("iam", "ListAccessKeys", whose);
  const [doing, setDoing] = useState<{ what: "new" } | { what: "delete"; id: string }>();
  const keys = found.data?.AccessKeyMetadata;
  const done = () => setDoing(undefined);
  if (found.error) return <Failure error={found.error} what="the access keys" again={found.refetch} />;
  return (
    <>
      <Listing<AccessKeyMetadata>
        title="Access keys"
        one="key"
        finding={false}
        items={keys}
        loading={found.isLoading}
        description="For the AWS CLI, boto3 and other clients."
        actions={
          <Permitted
            asks={may("iam", "CreateAccessKey", whose)}
            disabled={(keys?.length ?? 0) >= MOST}
            disabledReason={`There are ${MOST} keys already, which is the most: delete one first.`}
            onClick={() => setDoing({ what: "new" })}
          >
            Create access key
          </Permitted>
        }
        empty={<Box>No access keys. They are needed for clients only, not for this console.</Box>}
        columns={[
          { id: "id", header: "Access key id", isRowHeader: true, cell: (each) => <Box variant="code">{each.AccessKeyId}</Box> },
          {
            id: "status",
            header: "Status",
            cell: (each) => (
              <StatusIndicator type={each.Status === "Active" ? "success" : "stopped"}>{each.Status}</StatusIndicator>
            ),
          },
          { id: "made", header: "Created", cell: (each) => <When at={each.CreateDate} /> },
          { id: "used", header: "Last used", cell: (each) => <LastUsed id={each.AccessKeyId ?? ""} /> },
          {
            id: "actions",
            header: "Actions",
            cell: (each) => <KeyActions whose={whose} item={each} onDelete={(id) => setDoing({ what: "delete", id })} />,
          },
        ]}
      />
      {doing?.what === "new" && <NewAccessKey whose={whose} onDone={done} />}
      {doing?.what === "delete" && <DeleteKey whose={whose} id={doing.id} onDone={done} />}
    </>
  );
}

type Whose = { UserName?: string };

function KeyActions({ whose, item, onDelete }: { whose: Whose; item: AccessKeyMetadata; onDelete: (id: string) => void }) {
  const client = useQueryClient();
  const { tell, failed } = useNotices();
  const id = item.AccessKeyId ?? "";
  const next = item.Status === "Active" ? "Inactive" : "Active";
  const verb = item.Status === "Active" ? "Deactivate" : "Activate";
  const turn = async () => {
    try {
      await call("iam", "UpdateAccessKey", { ...whose, AccessKeyId: id, Status: next });
      tell("success", `The key ${id} is ${next.toLowerCase()}.`);
    } catch (error) {
      failed(error as Error, `Could not change the key ${id}`);
    }
    await client.invalidateQueries({ queryKey: ["iam"] });
  };
  return (
    <SpaceBetween direction="horizontal" size="s">
      <Permitted
        variant="inline-link"
        ariaLabel={`${verb} ${id}`}
        asks={may("iam", "UpdateAccessKey", { ...whose, AccessKeyId: id, Status: next })}
        onClick={turn}
      >
        {verb}
      </Permitted>
      <Permitted
        variant="inline-link"
        ariaLabel={`Delete ${id}`}
        asks={may("iam", "DeleteAccessKey", { ...whose, AccessKeyId: id })}
        onClick={() => onDelete(id)}
      >
        Delete
      </Permitted>
      <RouterLink to={`/audit?${new URLSearchParams({ key: id })}`} ariaLabel={`Audit of ${id}`}>
        Audit
      </RouterLink>
    </SpaceBetween>
  );
}

function LastUsed({ id }: { id: string }) {
  const found = useCall("iam", "GetAccessKeyLastUsed", { AccessKeyId: id });
  const last = found.data?.AccessKeyLastUsed;
  if (found.error) return <>unknown</>;
  if (!last) return <>…</>;
  if (last.LastUsedDate === undefined) return <>Never</>;
  return (
    <>
      <When at={last.LastUsedDate} />, for {last.ServiceName}
    </>
  );
}

function DeleteKey({ whose, id, onDone }: { whose: Whose; id: string; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const go = async () => {
    await call("iam", "DeleteAccessKey", { ...whose, AccessKeyId: id });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `The key ${id} is deleted.`);
  };
  return (
    <Confirm title="Delete the access key?" verb="Delete" typed={id} onConfirm={go} onDone={onDone}>
      What signs with {id} is refused at once. To find out first whether something still uses it, deactivate it.
    </Confirm>
  );
}
