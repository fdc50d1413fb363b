/** What changed between two commits, file by file. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { type ApiError, call } from "../../api/client";
import type { Difference } from "../../api/models/codecommit";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { type DiffLine, changes, decoded } from "./content";
import "./source.css";

const OPENED = 10;
const PORTION = 100;
const WORDS = { A: "added", M: "changed", D: "deleted" } as const;
const SIGNS = { added: "+", removed: "-", same: " ", gap: " " } as const;

interface Props {
  repository: string;
  /** Nothing: all of `after` is new. */
  before: string | undefined;
  after: string;
}

export function Differences({ repository, before, after }: Props) {
  const [shown, setShown] = useState(PORTION);
  const found = useListing(
    "codecommit",
    "GetDifferences",
    { repositoryName: repository, afterCommitSpecifier: after, ...(before ? { beforeCommitSpecifier: before } : {}) },
    (page) => [page.differences, page.NextToken],
    { token: "NextToken" },
  );
  const files = found.data ?? [];
  return (
    <SpaceBetween size="s">
      <Failure error={found.error} what="the differences" again={found.refetch} />
      <Header variant="h2" counter={`(${files.length})`}>
        Changed files
      </Header>
      {found.isLoading && <Spinner size="large" />}
      {found.data && files.length === 0 && <Box>Nothing is different.</Box>}
      {files.slice(0, shown).map((each, at) => (
        <OneFile key={pathOf(each)} repository={repository} difference={each} opened={at < OPENED} />
      ))}
      {files.length > shown && <Button onClick={() => setShown(shown + PORTION)}>More files</Button>}
    </SpaceBetween>
  );
}

function pathOf(each: Difference): string {
  return each.afterBlob?.path ?? each.beforeBlob?.path ?? "";
}

function OneFile({ repository, difference, opened }: { repository: string; difference: Difference; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  const { beforeBlob, afterBlob, changeType = "M" } = difference;
  const found = useQuery<DiffLine[] | null, ApiError>({
    queryKey: ["codecommit", "diff", repository, beforeBlob?.blobId, afterBlob?.blobId],
    queryFn: async ({ signal }) => {
      const read = async (blobId: string | undefined) =>
        blobId ? decoded((await call("codecommit", "GetBlob", { repositoryName: repository, blobId }, signal)).content).text : "";
      const [one, two] = await Promise.all([read(beforeBlob?.blobId), read(afterBlob?.blobId)]);
      return one === undefined || two === undefined ? null : changes(one, two);
    },
    enabled: open,
    staleTime: Infinity,
  });
  const path = pathOf(difference);
  return (
    <ExpandableSection
      variant="container"
      expanded={open}
      onChange={(event) => setOpen(event.detail.expanded)}
      headingTagOverride="h3"
      headerText={path}
      headerInfo={<Badge color={changeType === "A" ? "green" : changeType === "D" ? "red" : "blue"}>{WORDS[changeType]}</Badge>}
    >
      <Failure error={found.error} what="this file" again={found.refetch} />
      {found.isLoading && <Spinner />}
      {found.data === null && <Box>These are no texts, or too large to be compared here.</Box>}
      {found.data && (
        <div className="source" role="region" aria-label={`Changes of ${path}`} tabIndex={0}>
          <table>
            <tbody>
              {found.data.map((line, at) => (
                <tr key={at} className={line.kind}>
                  <td className="source-number">{line.before}</td>
                  <td className="source-number">{line.after}</td>
                  <td className="source-sign">{SIGNS[line.kind]}</td>
                  <td className="source-line">{line.text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </ExpandableSection>
  );
}
