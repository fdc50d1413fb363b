/** Writing or changing an inline policy. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { ApiError } from "../../api/client";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { useNotices } from "../../shell/notices";
import type { HolderKind } from "./address";
import { HOLDERS } from "./holders";
import { misnamed } from "./names";
import { Editor, unfit } from "./policy/Editor";
import { STARTER, policy as document } from "./policy/documents";
import { formatted } from "./policy/check";

interface Props {
  kind: HolderKind;
  name: string;
  /** The name of one that exists. */
  policy?: string;
  onDone: () => void;
}

export function InlinePolicy({ kind, name, policy, onDone }: Props) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const holder = HOLDERS[kind];
  const before = useQuery<string, ApiError>({
    queryKey: ["iam", "inline", kind, name, policy],
    queryFn: async () => holder.read(name, policy ?? ""),
    enabled: policy !== undefined,
  });
  const [called, setCalled] = useState(policy ?? "");
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (policy === undefined ? STARTER : before.data === undefined ? document() : readable(before.data));
  const save = async () => {
    await holder.put(name, called, text);
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `${called} is saved and counts from now on.`);
  };
  const ready = called && !misnamed(called, 128) && !unfit(text, "identity", holder.inlineLimit) && (policy === undefined || before.data);
  return (
    <Confirm
      title={policy ?? `Write a policy for ${name}`}
      verb="Save"
      size="large"
      disabled={!ready || (policy !== undefined && typed === undefined)}
      onConfirm={save}
      onDone={onDone}
    >
      <Failure error={before.error} what="this policy" />
      {policy === undefined && (
        <FormField label="Policy name" errorText={misnamed(called, 128)}>
          <Input value={called} onChange={(event) => setCalled(event.detail.value)} autoFocus />
        </FormField>
      )}
      {(policy === undefined || before.data !== undefined) && (
        <Editor
          value={text}
          onChange={setTyped}
          limit={holder.inlineLimit}
          description={`All inline policies of a ${kind} share the limit.`}
        />
      )}
    </Confirm>
  );
}

/** A policy that was saved on one line is easier to read on many. */
function readable(text: string): string {
  return text.includes("\n") ? text : formatted(text);
}
