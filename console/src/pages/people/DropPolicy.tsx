/** Taking a policy away from a user, group or role. */

import { useQueryClient } from "@tanstack/react-query";

import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";
import type { HolderKind } from "./address";
import { HOLDERS } from "./holders";

interface Props {
  kind: HolderKind;
  name: string;
  policy: string;
  /** Of a managed policy; an inline one is deleted with its text. */
  arn: string | undefined;
  onDone: () => void;
}

export function DropPolicy({ kind, name, policy, arn, onDone }: Props) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const go = async () => {
    await (arn ? HOLDERS[kind].detach(name, arn) : HOLDERS[kind].drop(name, policy));
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `${policy} does not count for ${name} any more.`);
  };
  return (
    <Confirm title={`${arn ? "Detach" : "Delete"} ${policy}?`} verb={arn ? "Detach" : "Delete"} onConfirm={go} onDone={onDone}>
      {arn ? "The policy itself stays." : "The policy is part of this holder: its text is lost."} What it allowed is refused from the next
      request on.
    </Confirm>
  );
}
