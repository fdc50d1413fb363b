/** Shows what will change and what it means for what runs, then saves. Never over a version that the editor has not seen. */

import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { type ApiError, call } from "../../api/client";
import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Running } from "../../parts/structure/Running";
import { Difference } from "../../parts/structure/Difference";
import type { Problem } from "../../parts/structure/schema";

interface Props {
  document: PipelineDeclaration;
  base: PipelineDeclaration;
  problems: Problem[];
  onDone: () => void;
  /** What the server finds wrong with the structure. */
  onRefused: (error: ApiError) => void;
  /** Somebody has saved another version since. */
  onOvertaken: (theirs: PipelineDeclaration) => void;
  onSaved: (saved: PipelineDeclaration) => void;
}

export function SaveDialog({ document, base, problems, onDone, onRefused, onOvertaken, onSaved }: Props) {
  const update = useAction("codepipeline", "UpdatePipeline");
  const save = async () => {
    const { pipeline: theirs } = await call("codepipeline", "GetPipeline", { name: base.name });
    if (theirs && theirs.version !== base.version) {
      onOvertaken(theirs);
      return;
    }
    try {
      const { pipeline } = await update.mutateAsync({ pipeline: document });
      onSaved(pipeline ?? document);
    } catch (failure) {
      const error = failure as ApiError;
      if (!/^(Invalid\w*|Validation)Exception$/.test(error.code)) throw error;
      onRefused(error);
    }
  };
  return (
    <Confirm title="Save the changes?" verb="Save" size="large" onConfirm={save} onDone={onDone}>
      <SpaceBetween size="m">
        <Running name={base.name} from={base.executionMode} to={document.executionMode} />
        {problems.length > 0 && (
          <Alert type="warning" header={problems.length === 1 ? "Something looks wrong" : `${problems.length} things look wrong`}>
            The server will most likely refuse this: {problems[0]?.message}
          </Alert>
        )}
        <Difference before={base} after={document} names={[`version ${base.version}`, "your changes"]} />
      </SpaceBetween>
    </Confirm>
  );
}
