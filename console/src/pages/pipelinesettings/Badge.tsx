/** The status badge: how it looks, who sees it, and what to paste into a README. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import { may } from "../../api/may";
import { useAction, useCall } from "../../api/queries";
import { Permitted } from "../../parts/Permitted";
import { useNotices } from "../../shell/notices";
import { Copied } from "./General";
import { useTags } from "./Tags";
import { BADGE } from "./knowntags";

export function Badge({ name, arn }: { name: string; arn: string }) {
  const { tell, failed } = useNotices();
  const tags = useTags(arn);
  const latest = useCall("codepipeline", "ListPipelineExecutions", { pipelineName: name, maxResults: 1 });
  const [tag, untag] = [useAction("codepipeline", "TagResource"), useAction("codepipeline", "UntagResource")];
  const open = tags.data?.tags?.some((each) => each.key === BADGE.key && each.value === BADGE.value) ?? false;
  const file = `${encodeURIComponent(name)}.svg`;
  const { origin } = window.location;
  const [picture, page] = [`${origin}/badges/${file}`, `${origin}/console/pipelines/${encodeURIComponent(name)}`];
  const status = latest.data?.pipelineExecutionSummaries?.[0];
  const [on, off] = [
    { resourceArn: arn, tags: [BADGE] },
    { resourceArn: arn, tagKeys: [BADGE.key] },
  ];
  const turn = () =>
    (open ? untag.mutateAsync(off) : tag.mutateAsync(on)).then(
      () => tell("success", open ? "Only people who sign in see the badge." : "Anybody may see the badge."),
      (error) => failed(error, "The badge is as it was"),
    );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`How the latest execution went, as a picture for a README. It is ${BADGE.value} with the tag ${BADGE.key}.`}
          actions={
            <Permitted
              asks={open ? may("codepipeline", "UntagResource", off) : may("codepipeline", "TagResource", on)}
              disabled={!tags.data}
              loading={tag.isPending || untag.isPending}
              onClick={turn}
            >
              {open ? "Make it private" : "Make it public"}
            </Permitted>
          }
        >
          Status badge
        </Header>
      }
    >
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="m" alignItems="center">
          {!latest.error && (
            // The status in the address makes browsers ask again when it changes.
            <img src={`/console/badges/${file}?${new URLSearchParams({ of: status?.status ?? "" })}`} alt={`Status badge of ${name}`} height={20} />
          )}
          {tags.data && (
            <StatusIndicator type={open ? "success" : "info"}>
              {open ? "Anybody may see it" : "Only people who sign in see it"}
            </StatusIndicator>
          )}
        </SpaceBetween>
        <Snippet label="Markdown" text={`[![${name}](${picture})](${page})`} />
        <Snippet label="HTML" text={`<a href="${page}"><img src="${picture}" alt="${name}"></a>`} />
      </SpaceBetween>
    </Container>
  );
}

function Snippet({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Box variant="awsui-key-label">{label}</Box>
      <Copied text={text} what={`the badge as ${label}`} />
    </div>
  );
}
