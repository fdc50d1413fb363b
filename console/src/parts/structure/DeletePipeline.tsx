/** Deletes a pipeline once its name has been typed. */

import { useNavigate } from "react-router";

import { useAction } from "../../api/queries";
import { useNotices } from "../../shell/notices";
import { Confirm } from "../Confirm";

interface Props {
  name: string;
  onDone: () => void;
  /** Called once it is gone, before the page is left. */
  onDeleted?: () => void;
  /** Whether the page stays: one that is not about this pipeline alone. */
  stay?: boolean;
}

export function DeletePipeline({ name, onDone, onDeleted, stay = false }: Props) {
  const navigate = useNavigate();
  const { tell } = useNotices();
  const remove = useAction("codepipeline", "DeletePipeline");
  const go = async () => {
    await remove.mutateAsync({ name });
    onDeleted?.();
    tell("success", `The pipeline ${name} is deleted.`);
    if (!stay) navigate("/pipelines");
  };
  return (
    <Confirm title={`Delete ${name}?`} verb="Delete" typed={name} onConfirm={go} onDone={onDone}>
      The pipeline goes with its versions, its history and its state. Its artifacts, its role and its bucket stay. This cannot be undone.
    </Confirm>
  );
}
