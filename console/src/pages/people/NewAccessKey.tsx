/** Making an access key; its secret is shown here and never again. */

import { useState } from "react";

import { call } from "../../api/client";
import type { AccessKey } from "../../api/models/iam";
import { usePerson } from "../../api/session";
import { Once } from "./Once";
import { Staged } from "./Staged";

export function NewAccessKey({ whose, onDone }: { whose: { UserName?: string }; onDone: () => void }) {
  const { region } = usePerson();
  const [made, setMade] = useState<AccessKey>();
  const create = async () => setMade((await call("iam", "CreateAccessKey", whose)).AccessKey);
  const lines = made && [
    `export AWS_ENDPOINT_URL=${window.location.origin}`,
    `export AWS_ACCESS_KEY_ID=${made.AccessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${made.SecretAccessKey}`,
    `export AWS_DEFAULT_REGION=${region}`,
    "unset AWS_SESSION_TOKEN AWS_PROFILE",
  ];
  return (
    <Staged
      title="Create an access key"
      verb="Create access key"
      steps={[{ key: "key", what: "Create the key", run: create }]}
      after={
        <Once
          what="The secret access key"
          values={[
            ["Access key id", made?.AccessKeyId ?? ""],
            ["Secret access key", made?.SecretAccessKey ?? ""],
          ]}
          script={{ label: "For a shell", text: lines?.join("\n") ?? "" }}
        />
      }
      onDone={onDone}
    >
      {() => (
        <>
          The key does whatever {whose.UserName ?? "you"} may do. Its secret is shown once: keep it where secrets belong, and out of
          repositories.
        </>
      )}
    </Staged>
  );
}
