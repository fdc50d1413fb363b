/** Answering a manual approval: what changes, what to look at, yes or no, and a comment. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { may, useAllowed, useMay } from "../../api/may";
import { useAction, useCall } from "../../api/queries";
import { usePerson } from "../../api/session";
import { Address } from "../../parts/Address";
import { Confirm } from "../../parts/Confirm";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { executionPage, placeOf } from "../../parts/addresses";
import { shortId, whoIs } from "../../parts/short";
import { useNotices } from "../../shell/notices";
import { mayAnswer } from "./ReviewButton";
import { Revisions } from "./Revisions";
import { type Asked, barredBy, demandsOf, linkOf } from "./approval";

const MOST = 512;

/**
 * The dialog for a question, from the moment that it is asked until the person closes it. News behind the dialog must neither
 * turn it into another question, nor take away what was written. `asked` is undefined when nothing is asked (any more).
 */
export function Review({ asked, onDone }: { asked: Asked | undefined; onDone: () => void }) {
  const [question, setQuestion] = useState(asked);
  // More may become known of the same question.
  if (asked && asked !== question && (!question || asked.token === question.token)) setQuestion(asked);
  if (!question) return null;
  return <Answering question={question} over={asked?.token !== question.token} onDone={onDone} />;
}

function Answering({ question, over, onDone }: { question: Asked; over: boolean; onDone: () => void }) {
  const [decision, setDecision] = useState<string | null>(null);
  const [comment, setComment] = useState("");
  const put = useAction("codepipeline", "PutApprovalResult");
  const { tell } = useNotices();
  const { pipeline, stage, action, token } = question;
  const [refused] = useMay([mayAnswer(pipeline, stage, action, token)]);
  const late = over && put.isIdle;
  const tooLong = comment.length > MOST ? `The comment has ${comment.length} characters; at most ${MOST} fit.` : "";
  const go = async () => {
    const result = { status: decision === "Approved" ? ("Approved" as const) : ("Rejected" as const), summary: comment };
    await put.mutateAsync({ pipelineName: pipeline, stageName: stage, actionName: action, token, result });
    tell("success", `You ${decision === "Approved" ? "approved" : "rejected"} ${action} of ${pipeline}.`);
  };
  return (
    <Confirm
      title="Approve or reject the revision"
      verb="Submit"
      disabled={!decision || Boolean(tooLong) || Boolean(refused) || late}
      onConfirm={go}
      onDone={onDone}
    >
      {refused && <Alert type="warning">{refused}</Alert>}
      {late && <Alert type="warning">This question was answered, or is no longer asked. Close the dialog to see how things stand.</Alert>}
      <Matter question={question} />
      <FormField label="Decision">
        <RadioGroup
          value={decision}
          onChange={(event) => setDecision(event.detail.value)}
          ariaRequired
          items={[
            { value: "Approved", label: "Approve", description: "The pipeline goes on." },
            { value: "Rejected", label: "Reject", description: "The action fails, and the execution with it." },
          ]}
        />
      </FormField>
      <FormField label="Comments" errorText={tooLong} constraintText={`${comment.length} of ${MOST} characters.`}>
        <Textarea value={comment} onChange={(event) => setComment(event.detail.value)} rows={3} />
      </FormField>
    </Confirm>
  );
}

/** What the decision is about. */
function Matter({ question }: { question: Asked }) {
  const { pipeline, stage, action, executionId } = question;
  const person = usePerson();
  const listing = { pipelineName: pipeline, filter: { pipelineExecutionId: executionId } };
  const readable = useAllowed(may("codepipeline", "ListActionExecutions", listing));
  const runs = useCall("codepipeline", "ListActionExecutions", listing, { enabled: readable === true });
  const run = runs.data?.actionExecutionDetails?.find((each) => each.actionExecutionId === question.runId);
  const tagged = { resourceArn: `arn:aws:codepipeline:${person.region}:${person.account}:${pipeline}` };
  const tagsReadable = useAllowed(may("codepipeline", "ListTagsForResource", tagged));
  const tags = useCall("codepipeline", "ListTagsForResource", tagged, { enabled: tagsReadable === true });
  const passed = useCall("codepipeline", "ListPipelineExecutions", {
    pipelineName: pipeline,
    maxResults: 1,
    filter: { succeededInStage: { stageName: stage } },
  });
  const before = passed.data?.pipelineExecutionSummaries?.[0];
  const link = linkOf(run?.input?.resolvedConfiguration ?? question.configuration);
  const since = run?.startTime ?? question.since;
  const demands = demandsOf(tags.data?.tags, stage, action);
  const barred = barredBy(demands, question.execution, person.arn);
  const pairs: KeyValuePairsProps.Item[] = [
    { label: "Pipeline", value: `${pipeline} / ${stage} / ${action}` },
    {
      label: "Execution",
      value: <RouterLink to={executionPage(pipeline, executionId)}>{shortId(executionId)}</RouterLink>,
    },
    { label: "Asked", value: <When at={since} /> },
    { label: "Fails by itself", value: <When at={since === undefined ? undefined : since + question.lasts} /> },
  ];
  return (
    <SpaceBetween size="s">
      <KeyValuePairs columns={2} items={pairs} />
      {question.execution?.sourceRevisions?.length ? (
        <div>
          <Box variant="awsui-key-label">What changes</Box>
          <Revisions of={question.execution.sourceRevisions} />
          {before && (
            <Box fontSize="body-s" color="text-body-secondary">
              Last through {stage}, with execution {shortId(before.pipelineExecutionId)}:
              <Revisions of={before.sourceRevisions} />
            </Box>
          )}
        </div>
      ) : null}
      {question.execution?.trigger?.triggerDetail && (
        <div>
          <Box variant="awsui-key-label">Started by</Box>
          {whoIs(question.execution.trigger.triggerDetail)} ({question.execution.trigger.triggerType})
        </div>
      )}
      {question.message && (
        <div>
          <Box variant="awsui-key-label">Comments about this action</Box>
          <span className="said">{question.message}</span>
        </div>
      )}
      {link && (
        <div>
          <Box variant="awsui-key-label">URL for review</Box>
          {placeOf(link) ? <Address url={link}>{link}</Address> : `${link} (not a web address: it is not made a link)`}
        </div>
      )}
      {demands.persons > 1 && <Alert type="info">{demands.persons} different persons have to approve.</Alert>}
      {barred && <Alert type="warning">{barred}</Alert>}
    </SpaceBetween>
  );
}
