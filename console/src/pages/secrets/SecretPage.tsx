/** One secret: its value on demand, its versions, deleting it and taking that back. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type ApiError, call } from "../../api/client";
import { may } from "../../api/may";
import type { DescribeSecretResponse } from "../../api/models/secretsmanager";
import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { useNotices } from "../../shell/notices";
import { Copied } from "../people/Once";
import "../people/people.css";
import { DeleteSecret } from "./DeleteSecret";
import { NewValue } from "./NewValue";
import { Reveal } from "./Reveal";
import { State } from "./SecretList";
import { SecretVersions } from "./SecretVersions";
import { valueOf } from "./values";

export function SecretPage({ name }: { name: string }) {
  const found = useCall("secretsmanager", "DescribeSecret", { SecretId: name });
  if (found.error) return <Failure error={found.error} what="this secret" again={found.refetch} />;
  return found.data ? <Known secret={found.data} name={name} /> : null;
}

function Known({ secret, name }: { secret: DescribeSecretResponse; name: string }) {
  const [doing, setDoing] = useState<"value" | "delete">();
  const deleted = secret.DeletedDate !== undefined;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={<span className="cell-text">{secret.Description}</span>} actions={<Actions name={name} deleted={deleted} onDo={setDoing} />}>
        <span className="cell-text">{name}</span>
      </Header>
      <Container>
        <KeyValuePairs
          columns={3}
          items={[
            { label: "ARN", value: <Copied label="ARN" value={secret.ARN ?? ""} /> },
            { label: "State", value: <State deleted={secret.DeletedDate} /> },
            { label: "Changed", value: <When at={secret.LastChangedDate} /> },
            { label: "Last read", value: secret.LastAccessedDate ? <When at={secret.LastAccessedDate} /> : "Never" },
            { label: "Created", value: <When at={secret.CreatedDate} /> },
          ]}
        />
      </Container>
      {!deleted && (
        <Container header={<Header description="Reading it is noted in the audit trail.">Value</Header>}>
          <Reveal asks={may("secretsmanager", "GetSecretValue", { SecretId: name })} read={() => valueOf(name)} />
        </Container>
      )}
      <SecretVersions name={name} deleted={deleted} />
      {doing === "value" && <NewValue name={name} onDone={() => setDoing(undefined)} />}
      {doing === "delete" && <DeleteSecret name={name} onDone={() => setDoing(undefined)} />}
    </SpaceBetween>
  );
}

function Actions({ name, deleted, onDo }: { name: string; deleted: boolean; onDo: (what: "value" | "delete") => void }) {
  const client = useQueryClient();
  const { tell, failed } = useNotices();
  const restore = async () => {
    try {
      await call("secretsmanager", "RestoreSecret", { SecretId: name });
      tell("success", `${name} is back.`);
    } catch (error) {
      failed(error as ApiError, `Could not restore ${name}`);
    }
    await client.invalidateQueries({ queryKey: ["secretsmanager"] });
  };
  if (deleted) {
    return (
      <Permitted variant="primary" asks={may("secretsmanager", "RestoreSecret", { SecretId: name })} onClick={() => void restore()}>
        Restore
      </Permitted>
    );
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Permitted asks={may("secretsmanager", "DeleteSecret", { SecretId: name })} onClick={() => onDo("delete")}>
        Delete
      </Permitted>
      <Permitted variant="primary" asks={may("secretsmanager", "PutSecretValue", { SecretId: name })} onClick={() => onDo("value")}>
        New value
      </Permitted>
    </SpaceBetween>
  );
}
