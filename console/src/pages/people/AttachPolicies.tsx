/** Attaching managed policies to a user, group or role. */

import type { MultiselectProps } from "@cloudscape-design/components/multiselect";
import { useState } from "react";

import { useNotices } from "../../shell/notices";
import { ChoosePolicies } from "./ChoosePolicies";
import { Staged } from "./Staged";
import type { HolderKind } from "./address";
import { HOLDERS } from "./holders";

export function AttachPolicies({ kind, name, held, onDone }: { kind: HolderKind; name: string; held: string[]; onDone: () => void }) {
  const { tell } = useNotices();
  const [chosen, setChosen] = useState<readonly MultiselectProps.Option[]>([]);
  const steps = chosen.map((each) => ({
    key: each.value ?? "",
    what: `Attach ${each.label}`,
    run: () => HOLDERS[kind].attach(name, each.value ?? ""),
  }));
  return (
    <Staged
      title={`Attach policies to ${name}`}
      verb="Attach"
      steps={steps}
      disabled={chosen.length === 0}
      onFinished={() => tell("success", `${chosen.map((each) => each.label).join(", ")} counts for ${name} from now on.`)}
      onDone={onDone}
    >
      {() => <ChoosePolicies label="Policies" chosen={chosen} onChange={setChosen} without={held} />}
    </Staged>
  );
}
