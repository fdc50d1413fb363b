/** Tags with a meaning of their own, and what a tag may be. */

import type { Tag } from "../../api/models/codepipeline";

export const BADGE: Tag = { key: "stageline:badge", value: "public" };

interface Known {
  shown: string;
  means: string;
  /** What is put in; without it the tag names something of the pipeline. */
  add?: Tag;
}

export const KNOWN_TAGS: Known[] = [
  {
    shown: "stageline:approvals = 2",
    means: "So many different persons (1 to 50) have to approve each approval of the pipeline. One rejection is enough to reject.",
    add: { key: "stageline:approvals", value: "2" },
  },
  {
    shown: "stageline:approvals/STAGE/ACTION = 2",
    means: "The same for one action.",
  },
  {
    shown: "stageline:approvals-by-others = true",
    means: "Who started the execution, or pushed its change, does not approve it.",
    add: { key: "stageline:approvals-by-others", value: "true" },
  },
  {
    shown: "stageline:badge = public",
    means: "Anybody may see the status badge, without signing in.",
    add: BADGE,
  },
];

/** What is wrong with a tag, by member; `others` are those before it. */
export function tagProblem(tag: Tag, others: Tag[]): { key?: string; value?: string } {
  const found: { key?: string; value?: string } = {};
  if (!tag.key) found.key = "Give a key.";
  else if (tag.key.length > 128) found.key = "A key has 128 characters at most.";
  else if (tag.key.toLowerCase().startsWith("aws:")) found.key = "Keys that begin with aws: are reserved.";
  else if (others.some((each) => each.key === tag.key)) found.key = "This key is there already.";
  if (tag.value.length > 256) found.value = "A value has 256 characters at most.";
  return found;
}
