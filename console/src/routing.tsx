/** Which page an address means. Pages are loaded when they are opened; a page and its address share a stem. */

import Spinner from "@cloudscape-design/components/spinner";
import { type ComponentType, type ReactNode, Suspense, lazy } from "react";
import { Navigate, Route, Routes, matchPath, useLocation } from "react-router";

import { useSession } from "./api/session";
import { NotFound } from "./pages/NotFound";
import { Broken } from "./parts/Broken";

type Page = () => Promise<{ default: ComponentType }>;

const PAGES: Record<string, Page> = {
  "/dashboard": () => import("./pages/Dashboard"),
  "/approvals": () => import("./pages/Approvals"),
  "/pipelines": () => import("./pages/Pipelines"),
  "/pipelines/new": () => import("./pages/NewPipeline"),
  "/pipelines/:name": () => import("./pages/Pipeline"),
  "/pipelines/:name/edit": () => import("./pages/PipelineEdit"),
  "/pipelines/:name/executions": () => import("./pages/Executions"),
  "/pipelines/:name/executions/:id": () => import("./pages/Execution"),
  "/pipelines/:name/versions": () => import("./pages/PipelineVersions"),
  "/pipelines/:name/settings": () => import("./pages/PipelineSettings"),
  "/repositories": () => import("./pages/Repositories"),
  "/repositories/:name/*": () => import("./pages/Repository"),
  "/projects": () => import("./pages/Projects"),
  "/projects/:name": () => import("./pages/Project"),
  "/builds/:id": () => import("./pages/Build"),
  "/buckets": () => import("./pages/Buckets"),
  "/buckets/:name": () => import("./pages/Bucket"),
  "/logs": () => import("./pages/Logs"),
  "/logs/:group": () => import("./pages/LogGroup"),
  "/logs/:group/:stream": () => import("./pages/LogStream"),
  "/people": () => import("./pages/People"),
  "/people/:kind/:name": () => import("./pages/Principal"),
  "/secrets": () => import("./pages/Secrets"),
  "/audit": () => import("./pages/Audit"),
  "/settings": () => import("./pages/Settings"),
};

/** The page that is opened first is on its way while it is asked who is signed in. */
const FIRST = window.location.pathname.replace(/^\/console\/?/, "/");
Object.entries(PAGES)
  .find(([path]) => matchPath(path, FIRST === "/" ? "/pipelines" : FIRST))?.[1]()
  .catch(() => undefined);

const SignIn = lazy(() => import("./pages/SignIn"));
const LAZY = Object.entries(PAGES).map(([path, load]) => [path, lazy(load)] as const);

export function Routing() {
  return (
    <Suspense fallback={<Waiting />}>
      <Routes>
        <Route path="/sign-in" element={<SignIn />} />
        <Route path="/" element={<Navigate to="/pipelines" replace />} />
        {LAZY.map(([path, Page]) => (
          <Route
            key={path}
            path={path}
            element={
              <ForPeople>
                <Broken>
                  <Page />
                </Broken>
              </ForPeople>
            }
          />
        ))}
        <Route
          path="*"
          element={
            <ForPeople>
              <NotFound />
            </ForPeople>
          }
        />
      </Routes>
    </Suspense>
  );
}

function ForPeople({ children }: { children: ReactNode }) {
  const { session } = useSession();
  const place = useLocation();
  if (!session) return <Waiting />;
  if (!session.signedIn) {
    const to = place.pathname + place.search + place.hash;
    return <Navigate to={`/sign-in?${new URLSearchParams({ to })}`} replace />;
  }
  return children;
}

function Waiting() {
  return (
    <div className="waiting" role="status" aria-label="Loading">
      <Spinner size="large" />
    </div>
  );
}
