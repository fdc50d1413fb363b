/** How the AWS CLI, boto3 and other clients are told of this server. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";

import { usePerson } from "../../api/session";
import "../people/people.css";

export function Clients() {
  const { region } = usePerson();
  const endpoint = window.location.origin;
  const shell = [
    `export AWS_ENDPOINT_URL=${endpoint}`,
    "export AWS_ACCESS_KEY_ID=…",
    "export AWS_SECRET_ACCESS_KEY=…",
    `export AWS_DEFAULT_REGION=${region}`,
    "unset AWS_SESSION_TOKEN AWS_PROFILE",
  ].join("\n");
  const profile = [
    `aws configure set endpoint_url ${endpoint} --profile stageline`,
    `aws configure set region ${region} --profile stageline`,
    "aws configure --profile stageline",
    "aws codepipeline list-pipelines --profile stageline",
  ].join("\n");
  const python = [
    "import boto3",
    "",
    "codepipeline = boto3.client(",
    '    "codepipeline",',
    `    endpoint_url="${endpoint}",`,
    `    region_name="${region}",`,
    ")",
    'print(codepipeline.list_pipelines()["pipelines"])',
  ].join("\n");
  return (
    <section id="clients" aria-label="Clients">
      <Container header={<Header description="One address answers for all services. Make an access key above first.">Clients</Header>}>
        <Tabs
          tabs={[
            {
              id: "shell",
              label: "Shell",
              content: <Script text={shell} hint="On the server itself, this takes the administrator's key:" command='eval "$(stageline env)"' />,
            },
            { id: "profile", label: "AWS CLI profile", content: <Script text={profile} /> },
            { id: "python", label: "boto3", content: <Script text={python} /> },
          ]}
        />
      </Container>
    </section>
  );
}

function Script({ text, hint, command }: { text: string; hint?: string; command?: string }) {
  return (
    <SpaceBetween size="s">
      <Box variant="code">
        <pre className="script">{text}</pre>
      </Box>
      <CopyToClipboard copyButtonText="Copy" copySuccessText="Copied" copyErrorText="Could not copy" textToCopy={text} />
      {hint && (
        <Box>
          {hint} <Box variant="code">{command}</Box>
        </Box>
      )}
    </SpaceBetween>
  );
}
