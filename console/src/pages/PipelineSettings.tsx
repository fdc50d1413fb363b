/** Settings of a pipeline: what it is, its tags, its badge, its webhooks, and its end. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useLive } from "../api/live";
import { may } from "../api/may";
import { useCall } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { DeletePipeline } from "../parts/structure/DeletePipeline";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Badge } from "./pipelinesettings/Badge";
import { General } from "./pipelinesettings/General";
import { Tags } from "./pipelinesettings/Tags";
import { Webhooks } from "./pipelinesettings/Webhooks";

export default function PipelineSettings() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  useTitle(`Settings of ${name}`);
  useLive(name);
  const [deleting, setDeleting] = useState(false);
  const found = useCall("codepipeline", "GetPipeline", { name });
  const place = `/pipelines/${encodeURIComponent(name)}`;
  const { pipeline, metadata } = found.data ?? {};
  const arn = metadata?.pipelineArn ?? "";
  return (
    <Shell
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: name, href: place },
        { text: "Settings", href: `${place}/settings` },
      ]}
    >
      <SpaceBetween size="l">
        <Header
          variant="h1"
          actions={
            <Permitted
              asks={may("codepipeline", "UpdatePipeline", { pipeline: pipeline ?? { name, roleArn: "", stages: [] } })}
              disabled={!pipeline}
              onClick={() => navigate(`${place}/edit`)}
            >
              Edit
            </Permitted>
          }
        >
          Settings of {name}
        </Header>
        <Failure error={found.error} what={`the pipeline ${name}`} again={found.refetch} />
        {found.isLoading && <Spinner />}
        {pipeline && metadata && !found.error && (
          <SpaceBetween size="l">
            <General pipeline={pipeline} metadata={metadata} />
            <Tags arn={arn} />
            <Badge name={name} arn={arn} />
            <Webhooks name={name} />
            <Container
              header={
                <Header
                  variant="h2"
                  actions={
                    <Permitted asks={may("codepipeline", "DeletePipeline", { name })} onClick={() => setDeleting(true)}>
                      Delete pipeline
                    </Permitted>
                  }
                >
                  Delete
                </Header>
              }
            >
              <Box color="text-body-secondary">With its versions, its history and its state. Artifacts, role and bucket stay.</Box>
            </Container>
          </SpaceBetween>
        )}
      </SpaceBetween>
      {deleting && <DeletePipeline name={name} onDone={() => setDeleting(false)} />}
    </Shell>
  );
}
