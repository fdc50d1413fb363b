/** Deleting a user, group or role with everything that hangs on it. */

import Box from "@cloudscape-design/components/box";
import { useNavigate } from "react-router";

import { Failure } from "../../parts/Failure";
import { useNotices } from "../../shell/notices";
import { Staged } from "./Staged";
import type { HolderKind } from "./address";
import { useDeletion } from "./deleting";

export function Deletion({ kind, name, onDone }: { kind: HolderKind; name: string; onDone: () => void }) {
  const navigate = useNavigate();
  const { tell } = useNotices();
  const steps = useDeletion(kind, name);
  return (
    <Staged
      title={`Delete the ${kind} ${name}?`}
      verb="Delete"
      planned
      typed={name}
      steps={steps.data ?? []}
      disabled={!steps.data}
      onFinished={() => {
        tell("success", `The ${kind} ${name} is deleted.`);
        navigate(`/people?tab=${kind}s`);
      }}
      onDone={onDone}
    >
      {() => (
        <>
          <Failure error={steps.error} what={`what hangs on this ${kind}`} />
          <Box variant="p">This is done for good, one after the other:</Box>
        </>
      )}
    </Staged>
  );
}
