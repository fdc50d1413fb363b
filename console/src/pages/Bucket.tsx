/** One bucket: its objects by folder, their versions, and what the bucket is set to. */

import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Tabs from "@cloudscape-design/components/tabs";
import { useParams, useSearchParams } from "react-router";

import { useCall } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Objects } from "./bucket/Objects";
import { Properties } from "./bucket/Properties";

export default function Bucket() {
  const { name = "" } = useParams();
  const [query, setQuery] = useSearchParams();
  useTitle(name);
  const found = useCall("s3", "HeadBucket", { Bucket: name });
  return (
    <Shell
      crumbs={[
        { text: "Buckets", href: "/buckets" },
        { text: name, href: `/buckets/${encodeURIComponent(name)}` },
      ]}
    >
      <ContentLayout header={<Header variant="h1">{name}</Header>}>
        {found.error ? (
          <Failure error={found.error} what="this bucket" again={found.refetch} />
        ) : (
          <Tabs
            ariaLabel="Parts of the bucket"
            activeTabId={query.get("tab") ?? "objects"}
            onChange={(event) => setQuery({ tab: event.detail.activeTabId }, { replace: true })}
            tabs={[
              { id: "objects", label: "Objects", content: <Objects bucket={name} /> },
              { id: "properties", label: "Properties", content: <Properties bucket={name} /> },
            ]}
          />
        )}
      </ContentLayout>
    </Shell>
  );
}
