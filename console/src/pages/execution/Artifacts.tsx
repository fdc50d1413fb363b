/** What actions made and read, where it lies, and a way to have it. */

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Popover from "@cloudscape-design/components/popover";
import Table from "@cloudscape-design/components/table";

import { objectUrl } from "../../api/client";
import { useCall } from "../../api/queries";
import { RouterLink } from "../../parts/RouterLink";
import { type Stored, stored } from "./artifacts";
import type { Known } from "./reading";

export function Artifacts({ known, onOpen }: { known: Known; onOpen: (run: string) => void }) {
  const items = stored(known.runs);
  return (
    <Table<Stored>
      variant="borderless"
      wrapLines
      items={items}
      trackBy="id"
      header={
        <Header counter={`(${items.length})`} description="Each artifact is a zip file in the artifact store of the pipeline.">
          Artifacts
        </Header>
      }
      ariaLabels={{ tableLabel: "Artifacts" }}
      empty={
        <Box color="text-body-secondary" textAlign="center">
          No action has made or read an artifact in this execution{known.running ? " yet" : ""}.
        </Box>
      }
      columnDefinitions={[
        { id: "name", header: "Artifact", isRowHeader: true, cell: (each) => each.name },
        { id: "made", header: "Made by", cell: (each) => <Makers of={each.made ? [each.made] : []} onOpen={onOpen} otherwise="an earlier execution" /> },
        { id: "read", header: "Read by", cell: (each) => <Makers of={each.read} onOpen={onOpen} otherwise="–" /> },
        {
          id: "bucket",
          header: "Bucket",
          cell: (each) => <RouterLink to={`/buckets/${encodeURIComponent(each.bucket)}`}>{each.bucket}</RouterLink>,
        },
        { id: "key", header: "Key", minWidth: 180, cell: (each) => <Copied text={each.key} what="key" /> },
        { id: "version", header: "Version", cell: (each) => <Version of={each} /> },
        { id: "size", header: "Size", cell: (each) => <Size of={each} /> },
        { id: "get", header: "Download", cell: (each) => <Get of={each} /> },
      ]}
    />
  );
}

type RunLink = { id: string; name: string; stage: string };

function Makers({ of, onOpen, otherwise }: { of: RunLink[]; onOpen: (run: string) => void; otherwise: string }) {
  if (of.length === 0) return <Box color="text-body-secondary">{otherwise}</Box>;
  return of.map((run) => (
    <div key={run.id}>
      <Link
        href={`?run=${encodeURIComponent(run.id)}`}
        onFollow={(event) => {
          event.preventDefault();
          onOpen(run.id);
        }}
      >
        {run.name}
      </Link>
    </div>
  ));
}

function Copied({ text, what }: { text: string; what: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToDisplay={text}
      textToCopy={text}
      copyButtonAriaLabel={`Copy the ${what} ${text}`}
      copySuccessText="Copied"
      copyErrorText="Could not be copied"
    />
  );
}

function useHead(of: Stored) {
  return useCall("s3", "HeadObject", { Bucket: of.bucket, Key: of.key });
}

function Version({ of }: { of: Stored }) {
  const id = useHead(of).data?.VersionId;
  return id ? <Copied text={id} what="version" /> : <>–</>;
}

function Size({ of }: { of: Stored }) {
  const head = useHead(of);
  if (head.error) {
    return (
      <Popover dismissAriaLabel="Close" header={head.error.denied ? "You may not see it" : head.error.name} content={head.error.message}>
        {head.error.denied ? "hidden" : "gone"}
      </Popover>
    );
  }
  return <>{head.data?.ContentLength === undefined ? "…" : bytes(head.data.ContentLength)}</>;
}

function Get({ of }: { of: Stored }) {
  const head = useHead(of);
  if (head.error) return <>–</>;
  return (
    <Link href={objectUrl(of.bucket, of.key, head.data?.VersionId)} ariaLabel={`Download ${of.name}`}>
      Download
    </Link>
  );
}

function bytes(size: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, size < 1000 ? 0 : Math.floor(Math.log10(size) / 3));
  return `${power === 0 ? size : (size / 1000 ** power).toFixed(1)} ${units[power]}`;
}
