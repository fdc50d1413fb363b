/** What an execution carries: the commit or version of each source, with its message. */

import Box from "@cloudscape-design/components/box";

import type { SourceRevision } from "../../api/models/codepipeline";
import { Address } from "../../parts/Address";
import { shortId } from "../../parts/short";

export function Revisions({ of }: { of: SourceRevision[] | undefined }) {
  if (!of?.length) return null;
  return (
    <ul className="revisions">
      {of.map((each) => (
        <li key={each.actionName}>
          <Box variant="span" color="text-body-secondary" fontSize="body-s">
            {each.actionName}:{" "}
            <Address url={each.revisionUrl}>
              <code>{shortId(each.revisionId)}</code>
            </Address>{" "}
            {each.revisionSummary}
          </Box>
        </li>
      ))}
    </ul>
  );
}
