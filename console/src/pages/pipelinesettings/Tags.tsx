/** Tags of a pipeline, with those that mean something here. */

import Alert from "@cloudscape-design/components/alert";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { ApiError } from "../../api/client";
import { may } from "../../api/may";
import type { Tag } from "../../api/models/codepipeline";
import { useAction, useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { useNotices } from "../../shell/notices";
import { KNOWN_TAGS, tagProblem } from "./knowntags";

export function useTags(arn: string) {
  return useCall("codepipeline", "ListTagsForResource", { resourceArn: arn }, { enabled: arn !== "" });
}

export function Tags({ arn }: { arn: string }) {
  const found = useTags(arn);
  const [edited, setEdited] = useState<Tag[]>();
  return (
    <Container
      header={
        <Header variant="h2" counter={found.data ? `(${found.data.tags?.length ?? 0})` : undefined} description="Keys and values of your own; policies can ask for them.">
          Tags
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Failure error={found.error} what="the tags" again={found.refetch} />
        {found.data && <Editing arn={arn} kept={found.data.tags ?? []} tags={edited ?? found.data.tags ?? []} setTags={setEdited} />}
        <Meanings tags={edited ?? found.data?.tags ?? []} onAdd={(tag) => setEdited([...(edited ?? found.data?.tags ?? []), tag])} />
      </SpaceBetween>
    </Container>
  );
}

interface EditingProps {
  arn: string;
  kept: Tag[];
  tags: Tag[];
  setTags: (tags: Tag[] | undefined) => void;
}

function Editing({ arn, kept, tags, setTags }: EditingProps) {
  const { tell } = useNotices();
  const [tag, untag] = [useAction("codepipeline", "TagResource"), useAction("codepipeline", "UntagResource")];
  const [error, setError] = useState<ApiError>();
  const fresh = tags.filter((each) => !kept.some((old) => old.key === each.key && old.value === each.value));
  const gone = kept.filter((old) => !tags.some((each) => each.key === old.key)).map((each) => each.key);
  const problems = tags.map((each, index) => tagProblem(each, tags.slice(0, index)));
  const changed = fresh.length > 0 || gone.length > 0;
  const save = async () => {
    setError(undefined);
    try {
      if (fresh.length > 0) await tag.mutateAsync({ resourceArn: arn, tags: fresh });
      if (gone.length > 0) await untag.mutateAsync({ resourceArn: arn, tagKeys: gone });
      setTags(undefined);
      tell("success", "The tags are saved.");
    } catch (failure) {
      setError(failure as ApiError);
    }
  };
  const field = (label: string, member: keyof Tag) => ({
    label,
    control: (item: Tag, index: number) => (
      <Input
        value={item[member]}
        ariaLabel={`${label} of tag ${index + 1}`}
        onChange={({ detail }) => setTags(tags.with(index, { ...item, [member]: detail.value }))}
        spellcheck={false}
      />
    ),
    errorText: (_: Tag, index: number) => (changed ? problems[index]?.[member] : undefined),
  });
  const asks = [
    ...(gone.length === 0 || fresh.length > 0 ? [may("codepipeline", "TagResource", { resourceArn: arn, tags: fresh })] : []),
    ...(gone.length > 0 ? [may("codepipeline", "UntagResource", { resourceArn: arn, tagKeys: gone })] : []),
  ];
  return (
    <SpaceBetween size="m">
      {error && (
        <Alert type="error" header={error.name}>
          {error.message}
        </Alert>
      )}
      <AttributeEditor<Tag>
        items={tags}
        definition={[field("Key", "key"), field("Value", "value")]}
        empty="This pipeline has no tags."
        addButtonText="Add tag"
        removeButtonText="Remove"
        removeButtonAriaLabel={(item) => `Remove the tag ${item.key}`}
        disableAddButton={tags.length >= 50}
        onAddButtonClick={() => setTags([...tags, { key: "", value: "" }])}
        onRemoveButtonClick={({ detail }) => setTags(tags.toSpliced(detail.itemIndex, 1))}
      />
      <SpaceBetween direction="horizontal" size="xs">
        <Permitted
          variant="primary"
          asks={asks}
          disabled={!changed || problems.some((each) => Object.keys(each).length > 0)}
          disabledReason={changed ? "Put right what is marked first." : "Nothing has changed."}
          loading={tag.isPending || untag.isPending}
          onClick={save}
        >
          Save tags
        </Permitted>
        {changed && <Button onClick={() => setTags(undefined)}>Undo changes</Button>}
      </SpaceBetween>
    </SpaceBetween>
  );
}

function Meanings({ tags, onAdd }: { tags: Tag[]; onAdd: (tag: Tag) => void }) {
  return (
    <ExpandableSection headerText="Tags that mean something here" headingTagOverride="h3">
      <SpaceBetween size="s">
        {KNOWN_TAGS.map((each) => (
          <div key={each.shown}>
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <Box variant="code">{each.shown}</Box>
              {each.add && (
                <Button
                  variant="inline-link"
                  iconName="add-plus"
                  ariaLabel={`Add the tag ${each.shown}`}
                  disabled={tags.some((tag) => tag.key === each.add?.key)}
                  onClick={() => onAdd(each.add as Tag)}
                >
                  Add
                </Button>
              )}
            </SpaceBetween>
            <Box color="text-body-secondary">{each.means}</Box>
          </div>
        ))}
        <Box color="text-body-secondary">
          What tags demand is as safe as the right to change them: deny codepipeline:TagResource and UntagResource for the keys stageline:* to
          those whom they bind.
        </Box>
      </SpaceBetween>
    </ExpandableSection>
  );
}
