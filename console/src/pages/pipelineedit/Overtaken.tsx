/** Somebody saved another version while this one was edited: shows both, and lets the person choose. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { Difference } from "../../parts/structure/Difference";

interface Props {
  base: PipelineDeclaration;
  theirs: PipelineDeclaration;
  mine: PipelineDeclaration;
  onDone: () => void;
  /** Drop the own changes and go on with theirs. */
  onTake: () => void;
  /** Go on with the own document, now as a change of theirs. */
  onKeep: () => void;
}

export function Overtaken({ base, theirs, mine, onDone, onTake, onKeep }: Props) {
  return (
    <Modal
      visible
      size="large"
      header={`Version ${theirs.version} was saved while you edited version ${base.version}`}
      closeAriaLabel="Close"
      onDismiss={onDone}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDone}>
              Back to my changes
            </Button>
            <Button onClick={onTake}>Drop my changes</Button>
            <Button onClick={onKeep}>Keep mine on top</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        <Alert type="warning">Nothing was saved: it would have undone what the other person did.</Alert>
        <SpaceBetween size="xs">
          <Header variant="h3">What they changed</Header>
          <Difference before={base} after={theirs} names={[`version ${base.version}`, `version ${theirs.version}`]} />
        </SpaceBetween>
        <SpaceBetween size="xs">
          <Header variant="h3" description="“Keep mine on top” would make exactly these changes to theirs; you see them again before saving.">
            From theirs to yours
          </Header>
          <Difference before={theirs} after={mine} names={[`version ${theirs.version}`, "your changes"]} />
        </SpaceBetween>
      </SpaceBetween>
    </Modal>
  );
}
