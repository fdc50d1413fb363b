/** Makes an old version the current one again, as a new version. */

import SpaceBetween from "@cloudscape-design/components/space-between";

import { ApiError, call } from "../../api/client";
import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Difference } from "../../parts/structure/Difference";
import { Running } from "../../parts/structure/Running";
import { useNotices } from "../../shell/notices";

interface Props {
  current: PipelineDeclaration;
  old: PipelineDeclaration;
  onDone: () => void;
}

export function Restore({ current, old, onDone }: Props) {
  const { tell } = useNotices();
  const update = useAction("codepipeline", "UpdatePipeline");
  const go = async () => {
    const { pipeline: now } = await call("codepipeline", "GetPipeline", { name: current.name });
    if (now?.version !== current.version) {
      throw new ApiError("Overtaken", `Version ${now?.version} was saved in the meantime. Close this and look at the difference again.`, 409);
    }
    const { pipeline } = await update.mutateAsync({ pipeline: old });
    tell("success", `Version ${old.version} is restored as version ${pipeline?.version}.`);
  };
  return (
    <Confirm title={`Restore version ${old.version}?`} verb="Restore" size="large" onConfirm={go} onDone={onDone}>
      <SpaceBetween size="m">
        <span>
          What version {old.version} says becomes version {(current.version ?? 0) + 1}. No version is lost.
        </span>
        <Running name={current.name} from={current.executionMode} to={old.executionMode} />
        <Difference before={current} after={old} names={[`version ${current.version}`, `version ${old.version}`]} />
      </SpaceBetween>
    </Confirm>
  );
}
