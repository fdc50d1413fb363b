/** What the list says where it has nothing to show. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { Create } from "./Actions";

export function NoPipelines() {
  return (
    <Box textAlign="center" padding={{ vertical: "l" }}>
      <SpaceBetween size="s">
        <Box variant="h2">No pipelines yet</Box>
        <Box variant="p" color="text-body-secondary">
          A pipeline takes each change from its source through build, test, approval and deployment. Make one here, or with the AWS
          CLI:
        </Box>
        <Box variant="code">aws codepipeline create-pipeline --cli-input-json file://pipeline.json</Box>
        <Create />
      </SpaceBetween>
    </Box>
  );
}

export function NoMatch({ reading, onClear }: { reading: boolean; onClear: () => void }) {
  return (
    <Box textAlign="center" padding={{ vertical: "l" }}>
      <SpaceBetween size="s">
        <Box variant="h2">{reading ? "None so far" : "No pipeline matches"}</Box>
        <Button onClick={onClear}>Clear the filters</Button>
      </SpaceBetween>
    </Box>
  );
}
