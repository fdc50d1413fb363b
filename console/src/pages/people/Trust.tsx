/** The trust policy of a role: who may take it. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import { Confirm } from "../../parts/Confirm";
import { Permitted } from "../../parts/Permitted";
import { useNotices } from "../../shell/notices";
import { Document } from "./policy/Document";
import { Editor, unfit } from "./policy/Editor";
import { formatted } from "./policy/check";
import { TRUST_LIMIT } from "./policy/limits";

export function Trust({ role, text }: { role: string; text: string }) {
  const [editing, setEditing] = useState(false);
  return (
    <Container
      header={
        <Header
          description="Only who is named here can take the role. A service-linked role cannot be changed."
          actions={
            <Permitted
              asks={may("iam", "UpdateAssumeRolePolicy", { RoleName: role, PolicyDocument: "{}" })}
              onClick={() => setEditing(true)}
            >
              Edit the trust policy
            </Permitted>
          }
        >
          Trust policy
        </Header>
      }
    >
      <Document text={formatted(text)} />
      {editing && <EditTrust role={role} before={formatted(text)} onDone={() => setEditing(false)} />}
    </Container>
  );
}

function EditTrust({ role, before, onDone }: { role: string; before: string; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const [text, setText] = useState(before);
  const save = async () => {
    await call("iam", "UpdateAssumeRolePolicy", { RoleName: role, PolicyDocument: text });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `Who may take ${role} is changed.`);
  };
  return (
    <Confirm
      title={`Who may take ${role}`}
      verb="Save"
      size="large"
      disabled={text === before || Boolean(unfit(text, "trust", TRUST_LIMIT))}
      onConfirm={save}
      onDone={onDone}
    >
      <Editor value={text} onChange={setText} kind="trust" limit={TRUST_LIMIT} label="Trust policy" />
    </Confirm>
  );
}
