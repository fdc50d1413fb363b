/** What is said around the steps of the wizard: what one may not, what was made, and what leaving means. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { may, useMay } from "../../api/may";
import { usePerson } from "../../api/session";
import type { Held } from "./kept";

/** What stands above every step: that one may not, that a draft goes on, what was made. */
export function Above({
  held,
  ids,
  recalled,
  onRestart,
}: {
  held: Held;
  ids: string[];
  recalled: boolean;
  onRestart: () => void;
}) {
  const { draft, made } = held;
  const { account } = usePerson();
  const name = draft.name || "new-pipeline";
  const roleArn = `arn:aws:iam::${account}:role/service-role/any`;
  const [denied] = useMay([may("codepipeline", "CreatePipeline", { pipeline: { name, roleArn, stages: [] } })]);
  const gone = Object.entries(made).filter(([id]) => !ids.includes(id));
  return (
    <>
      {denied && (
        <Alert type="warning" header="You may not create this pipeline">
          {denied} What you fill in can be handed to somebody who may: View as code.
        </Alert>
      )}
      {recalled && (
        <Alert type="info" action={<Button onClick={onRestart}>Start over</Button>}>
          This is the draft that you began. Secrets have to be entered again.
        </Alert>
      )}
      {Object.keys(made).length > 0 && (
        <Alert type="info" header="Made so far">
          {sentence(Object.values(made))}. It stays, and creating the pipeline goes on from there.
          {gone.length > 0 && ` No longer needed after your changes: ${sentence(gone.map(([, what]) => what))}.`}
        </Alert>
      )}
    </>
  );
}

function sentence(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** Asks before what was filled in is forgotten. */
export function Leaving({ made, onLeave, onStay }: { made: string[]; onLeave: () => void; onStay: () => void }) {
  return (
    <Modal
      visible
      header="Leave without a pipeline?"
      closeAriaLabel="Close"
      onDismiss={onStay}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onStay}>
              Stay
            </Button>
            <Button variant="primary" onClick={onLeave}>
              Leave
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      What you filled in is forgotten.{made.length > 0 && ` These stay, since they are made already: ${sentence(made)}.`}
    </Modal>
  );
}
