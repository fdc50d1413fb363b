/** Starts an execution from the list, where the pipeline's declaration has yet to be read: it says which variables there are. */

import { useCall } from "../../api/queries";
import { ReleaseChange } from "../pipeline/ReleaseChange";

export function Release({ name, onDone }: { name: string; onDone: () => void }) {
  const found = useCall("codepipeline", "GetPipeline", { name });
  // Who may start it but not read it starts it with what it has by itself.
  if (found.isLoading) return null;
  return <ReleaseChange pipeline={name} declaration={found.data?.pipeline} onDone={onDone} />;
}
