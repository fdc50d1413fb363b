/** One log stream, followed while the page is open. */

import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import { useParams } from "react-router";

import { LogViewer } from "../parts/logviewer/LogViewer";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";

export default function LogStream() {
  const { group = "", stream = "" } = useParams();
  useTitle(stream);
  const here = `/logs/${encodeURIComponent(group)}`;
  return (
    <Shell
      crumbs={[
        { text: "Logs", href: "/logs" },
        { text: group, href: here },
        { text: stream, href: `${here}/${encodeURIComponent(stream)}` },
      ]}
    >
      <ContentLayout header={<Header variant="h1">{stream}</Header>}>
        <LogViewer group={group} stream={stream} live />
      </ContentLayout>
    </Shell>
  );
}
