/** What a pipeline is. */

import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";

import type { PipelineDeclaration, PipelineMetadata } from "../../api/models/codepipeline";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";

export function General({ pipeline, metadata }: { pipeline: PipelineDeclaration; metadata: PipelineMetadata }) {
  const stores = pipeline.artifactStores ?? (pipeline.artifactStore ? { "": pipeline.artifactStore } : {});
  const place = `/pipelines/${encodeURIComponent(pipeline.name)}`;
  return (
    <Container header={<Header variant="h2">General</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: "Pipeline ARN", value: <Copied text={metadata.pipelineArn ?? ""} what="the ARN of the pipeline" /> },
          { label: "Service role ARN", value: <Copied text={pipeline.roleArn} what="the ARN of the role" /> },
          {
            label: "Artifact store",
            value: Object.entries(stores).map(([region, each]) => (
              <div key={region}>
                {region && `${region}: `}
                <RouterLink to={`/buckets/${encodeURIComponent(each.location)}`}>{each.location}</RouterLink>
              </div>
            )),
          },
          { label: "Pipeline type", value: pipeline.pipelineType },
          { label: "Execution mode", value: pipeline.executionMode },
          { label: "Version", value: <RouterLink to={`${place}/versions`}>{String(pipeline.version)}</RouterLink> },
          { label: "Created", value: <When at={metadata.created} /> },
          { label: "Updated", value: <When at={metadata.updated} /> },
          {
            label: "Triggers",
            value: pipeline.triggers?.map((each) => each.gitConfiguration.sourceActionName).join(", ") || "Every change of a source",
          },
          ...(metadata.pollingDisabledAt === undefined
            ? []
            : [{ label: "Polling stopped", value: <When at={metadata.pollingDisabledAt} /> }]),
        ]}
      />
    </Container>
  );
}

export function Copied({ text, what }: { text: string; what: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={`Copy ${what}`}
      copySuccessText="Copied"
      copyErrorText="It could not be copied"
    />
  );
}
