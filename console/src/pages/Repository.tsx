/** One repository: its code at a branch or commit, its history, its branches, and how to clone it. */

import Box from "@cloudscape-design/components/box";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate, useParams } from "react-router";

import { may } from "../api/may";
import { useAction, useCall } from "../api/queries";
import { Confirm } from "../parts/Confirm";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Branches } from "./repository/Branches";
import { CloneHelp } from "./repository/CloneHelp";
import { Code } from "./repository/Code";
import { CommitView } from "./repository/CommitView";
import { Compare } from "./repository/Compare";
import { History } from "./repository/History";

export default function Repository() {
  const { name = "" } = useParams();
  useTitle(name);
  const navigate = useNavigate();
  const place = useLocation().pathname;
  const [deleting, setDeleting] = useState(false);
  const found = useCall("codecommit", "GetRepository", { repositoryName: name });
  const drop = useAction("codecommit", "DeleteRepository");
  const repository = found.data?.repositoryMetadata;
  const here = `/repositories/${encodeURIComponent(name)}`;
  const branch = repository?.defaultBranch;
  const tab = place.slice(here.length).split("/")[1] || "tree";
  const ref = encodeURIComponent(branch ?? "");
  return (
    <Shell
      crumbs={[
        { text: "Repositories", href: "/repositories" },
        { text: name, href: here },
      ]}
    >
      <Failure error={found.error} what="this repository" again={found.refetch} />
      {repository && (
        <ContentLayout
          header={
            <Header
              variant="h1"
              description={repository.repositoryDescription}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Permitted
                    asks={may("codecommit", "DeleteRepository", { repositoryName: name })}
                    onClick={() => setDeleting(true)}
                  >
                    Delete
                  </Permitted>
                </SpaceBetween>
              }
            >
              {name}
            </Header>
          }
        >
          <SpaceBetween size="l">
            <Tabs
              ariaLabel="Parts of the repository"
              activeTabId={{ blob: "tree", commits: "history" }[tab] ?? tab}
              onChange={(event) => {
                const part = event.detail.activeTabId;
                navigate(part === "tree" || part === "history" ? `${here}/${part}/${ref}` : `${here}/${part}`);
              }}
              tabs={[
                { id: "tree", label: "Code" },
                { id: "history", label: "Commits" },
                { id: "branches", label: "Branches" },
                { id: "compare", label: "Compare" },
                { id: "clone", label: "Clone" },
              ]}
            />
            <Routes>
              <Route
                index
                element={branch ? <Navigate to={`${here}/tree/${ref}`} replace /> : <CloneHelp repository={repository} empty />}
              />
              <Route path="tree/:ref/*" element={<Code repository={name} />} />
              <Route path="blob/:ref/*" element={<Code repository={name} file />} />
              <Route path="history/:ref" element={<History repository={name} />} />
              <Route path="commits/:id" element={<CommitView repository={name} />} />
              <Route path="branches" element={<Branches repository={repository} />} />
              <Route path="compare" element={<Compare repository={name} branch={branch ?? ""} />} />
              <Route path="clone" element={<CloneHelp repository={repository} />} />
              <Route path="*" element={<Box textAlign="center">There is nothing here.</Box>} />
            </Routes>
          </SpaceBetween>
        </ContentLayout>
      )}
      {deleting && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete"
          typed="delete"
          onConfirm={() => drop.mutateAsync({ repositoryName: name }).then(() => navigate("/repositories"))}
          onDone={() => setDeleting(false)}
        >
          All of its commits are gone then. Pipelines that follow it fail from then on.
        </Confirm>
      )}
    </Shell>
  );
}
