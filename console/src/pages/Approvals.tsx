/** Everything that waits for somebody's yes or no, over all pipelines: answered right here. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Cards from "@cloudscape-design/components/cards";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import Toggle from "@cloudscape-design/components/toggle";
import { useNavigate, useSearchParams } from "react-router";

import { useLive } from "../api/live";
import { useMay } from "../api/may";
import { Address } from "../parts/Address";
import { Failure } from "../parts/Failure";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { executionPage, pipelinePage, placeOf } from "../parts/addresses";
import { shortId, whoIs } from "../parts/short";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { type Waiting, useInbox } from "./approvals/inbox";
import { Review } from "./pipeline/Review";
import { mayAnswer } from "./pipeline/ReviewButton";
import { Revisions } from "./pipeline/Revisions";
import { linkOf } from "./pipeline/approval";
import "./pipeline/pipeline.css";

/** As many as the server answers in one question. */
const MOST = 100;

export default function Approvals() {
  useLive();
  const inbox = useInbox();
  const waiting = inbox.data?.waiting ?? [];
  const reasons = useMay(waiting.slice(0, MOST).map((each) => mayAnswer(each.pipeline, each.stage, each.action, each.token)));
  const refusals = new Map(waiting.map((each, index) => [keyOf(each), reasons[index] ?? ""]));
  const mine = waiting.filter((each) => !refusals.get(keyOf(each)) && !each.barred);
  useTitle(mine.length > 0 ? `(${mine.length}) Approvals` : "Approvals", mine.length > 0 ? "waiting" : "none");
  const [place, setPlace] = useSearchParams();
  const put = (key: string, value: string) =>
    setPlace(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(key, value);
        else next.delete(key);
        return next;
      },
      { replace: true },
    );
  const text = place.get("find") ?? "";
  const onlyMine = place.get("mine") === "1";
  const shown = (onlyMine ? mine : waiting).filter((each) => found(each, text));
  const review = place.get("review");
  return (
    <Shell crumbs={[{ text: "Approvals", href: "/approvals" }]} contentType="cards">
      <SpaceBetween size="m">
        <Failure error={inbox.error} what="what waits" again={inbox.refetch} />
        {(inbox.data?.unseen.length ?? 0) > 0 && <Unseen names={inbox.data?.unseen ?? []} />}
        <Cards<Waiting>
          variant="full-page"
          items={shown}
          loading={inbox.isLoading}
          loadingText="Looking through the pipelines"
          trackBy={keyOf}
          cardsPerRow={[{ cards: 1 }, { minWidth: 900, cards: 2 }]}
          ariaLabels={{ itemSelectionLabel: () => "", selectionGroupLabel: "", cardsLabel: "Approvals that wait" }}
          header={
            <Header
              variant="awsui-h1-sticky"
              counter={`(${waiting.length})`}
              description={waiting.length > 0 ? `${mine.length} of ${waiting.length} can be answered by you.` : undefined}
            >
              Approvals
            </Header>
          }
          filter={
            <div className="approvals-filter">
              <TextFilter
                filteringText={text}
                filteringPlaceholder="Find by pipeline, stage, action, commit or message"
                filteringAriaLabel="Find approvals"
                onChange={(event) => put("find", event.detail.filteringText)}
                countText={text ? `${shown.length} found` : undefined}
              />
              <Toggle checked={onlyMine} onChange={(event) => put("mine", event.detail.checked ? "1" : "")}>
                Only what I may answer
              </Toggle>
            </div>
          }
          empty={<Nothing filtered={waiting.length > 0} />}
          cardDefinition={{
            header: (each) => <CardHead each={each} refused={refusals.get(keyOf(each)) ?? ""} onReview={() => put("review", keyOf(each))} />,
            sections: [
              { id: "what", content: (each) => <What each={each} /> },
              { id: "since", header: "Asked", width: 50, content: (each) => <When at={each.since} /> },
              {
                id: "until",
                header: "Fails by itself",
                width: 50,
                content: (each) => <When at={each.since === undefined ? undefined : each.since + each.lasts} />,
              },
              { id: "why", content: (each) => <WhyNot text={refusals.get(keyOf(each)) || each.barred} /> },
            ],
          }}
        />
      </SpaceBetween>
      {review && (
        <Review key={review} asked={waiting.find((each) => keyOf(each) === review)} onDone={() => put("review", "")} />
      )}
    </Shell>
  );
}

function keyOf(each: Waiting): string {
  return `${each.pipeline}/${each.stage}/${each.action}/${each.executionId}`;
}

function found(each: Waiting, text: string): boolean {
  const said = [keyOf(each), each.message, ...(each.execution?.sourceRevisions ?? []).flatMap((one) => [one.revisionId, one.revisionSummary])];
  return said.some((one) => one?.toLowerCase().includes(text.toLowerCase()));
}

function CardHead({ each, refused, onReview }: { each: Waiting; refused: string; onReview: () => void }) {
  return (
    <div className="approval-head">
      <div>
        <RouterLink to={pipelinePage(each.pipeline)} fontSize="heading-m">
          {each.pipeline}
        </RouterLink>
        <Box color="text-body-secondary">
          {each.stage} / {each.action}
        </Box>
      </div>
      <Button
        variant="primary"
        ariaLabel={`Review ${each.action} of ${each.pipeline}`}
        disabled={Boolean(refused)}
        disabledReason={refused}
        onClick={onReview}
      >
        Review
      </Button>
    </div>
  );
}

function What({ each }: { each: Waiting }) {
  const link = linkOf(each.configuration);
  return (
    <SpaceBetween size="xxs">
      {each.message && <span className="said">{each.message}</span>}
      <Revisions of={each.execution?.sourceRevisions} />
      <Box fontSize="body-s" color="text-body-secondary">
        Execution{" "}
        <RouterLink to={executionPage(each.pipeline, each.executionId)} fontSize="inherit">
          {shortId(each.executionId)}
        </RouterLink>
        {each.execution?.trigger?.triggerDetail && `, started by ${whoIs(each.execution.trigger.triggerDetail)}`}
        {each.persons > 1 && `; ${each.persons} persons have to approve`}
      </Box>
      {link && placeOf(link) && <Address url={link}>{link}</Address>}
    </SpaceBetween>
  );
}

function WhyNot({ text }: { text: string }) {
  return text ? (
    <Box fontSize="body-s" color="text-status-warning">
      {text}
    </Box>
  ) : null;
}

function Unseen({ names }: { names: string[] }) {
  const some = names.slice(0, 3).join(", ");
  return (
    <Alert type="info" dismissible={false}>
      You may not see what waits in {names.length === 1 ? some : `${names.length} pipelines (${some}${names.length > 3 ? ", …" : ""})`}. It takes
      codepipeline:GetPipelineState; for pipelines in parallel mode, codepipeline:ListActionExecutions.
    </Alert>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const navigate = useNavigate();
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: "l" }}>
      <SpaceBetween size="s">
        <b>{filtered ? "Nothing is like that" : "Nothing waits for an answer"}</b>
        {!filtered && (
          <Box color="text-body-secondary">
            An action “Manual approval” in a pipeline stops a change until somebody has said yes. When one asks, it appears here.
          </Box>
        )}
        {!filtered && <Button onClick={() => navigate("/pipelines")}>See the pipelines</Button>}
      </SpaceBetween>
    </Box>
  );
}
