/** How to clone a repository, and how to push to it the first time. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RepositoryMetadata } from "../../api/models/codecommit";

export function CloneHelp({ repository, empty = false }: { repository: RepositoryMetadata; empty?: boolean }) {
  const address = repository.cloneUrlHttp ?? "";
  const helper = "git config --global credential.helper '!aws codecommit credential-helper $@'";
  return (
    <Container header={<Header variant="h2">{empty ? "Nothing has been pushed yet" : "Clone"}</Header>}>
      <SpaceBetween size="m">
        <Step title="1. Let git sign in" text="With access keys, by the AWS CLI. Or make git credentials for your user under People and policies, and give them when git asks.">
          <Command text={`${helper}\ngit config --global credential.UseHttpPath true`} />
        </Step>
        <Step title="2. Clone" text="You need codecommit:GitPull to clone, and codecommit:GitPush to push.">
          <Command text={`git clone ${address}`} />
        </Step>
        {empty && (
          <Step title="3. Push" text="The first branch that is pushed becomes the default branch.">
            <Command text={`git push ${address} HEAD:main`} />
          </Step>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Step({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <SpaceBetween size="xxs">
      <Box variant="h3">{title}</Box>
      <Box>{text}</Box>
      {children}
    </SpaceBetween>
  );
}

function Command({ text }: { text: string }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Box variant="pre">{text}</Box>
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel="Copy the command"
        copySuccessText="Copied"
        copyErrorText="Not copied"
        textToCopy={text}
      />
    </SpaceBetween>
  );
}
