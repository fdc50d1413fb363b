/** One action: what does the work, how it went, on which revision, and the way to its details and logs. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { Address } from "../../parts/Address";
import { RouterLink } from "../../parts/RouterLink";
import { Status, statusWord } from "../../parts/Status";
import { When } from "../../parts/When";
import { placeOf } from "../../parts/addresses";
import { shortId } from "../../parts/short";
import { ReviewButton } from "./ReviewButton";
import { logsOf } from "./logs";
import { type ActionView, toneOfAction, waitsForAnswer } from "./model";

interface Props {
  pipeline: string;
  action: ActionView;
  onDetails: (action: ActionView) => void;
  onReview: (action: ActionView) => void;
}

export function ActionBox({ pipeline, action, onDetails, onReview }: Props) {
  const { latest, stale, declared, state } = action;
  const logs = logsOf(latest, declared);
  return (
    <article className="action" data-tone={toneOfAction(action)} aria-label={`Action ${action.name}`}>
      <Box variant="h3" padding="n" fontSize="heading-xs">
        {action.name}
      </Box>
      {declared && (
        <Box fontSize="body-s" color="text-body-secondary">
          <Address url={state?.entityUrl}>{providerOf(action)}</Address>
        </Box>
      )}
      <div>
        <Status status={action.status} />
        {!stale && latest && (
          <Box variant="span" fontSize="body-s" color="text-body-secondary">
            {" "}
            <When at={latest.lastStatusChange} />
          </Box>
        )}
      </div>
      {stale && (
        <Box fontSize="body-s" color="text-body-secondary">
          Before: {statusWord(latest?.status)} <When at={latest?.lastStatusChange} />
        </Box>
      )}
      {!stale && latest?.percentComplete !== undefined && latest.status === "InProgress" && (
        <ProgressBar value={latest.percentComplete} ariaLabel={`${action.name} is done by`} />
      )}
      {!stale && <Told action={action} />}
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Button variant="inline-link" ariaLabel={`Details of ${action.name}`} onClick={() => onDetails(action)}>
          Details
        </Button>
        {logs && (
          <RouterLink to={logs.page} ariaLabel={`${logs.text} of ${action.name}`}>
            {logs.text}
          </RouterLink>
        )}
        {!logs && !stale && placeOf(latest?.externalExecutionUrl) && latest?.externalExecutionUrl !== state?.revisionUrl && (
          <Address url={latest?.externalExecutionUrl}>Open</Address>
        )}
        {waitsForAnswer(action) && <ReviewButton pipeline={pipeline} action={action} onReview={() => onReview(action)} />}
      </SpaceBetween>
    </article>
  );
}

/** "AWS CodeBuild", "Manual approval". */
function providerOf({ declared }: ActionView): string {
  const type = declared?.actionTypeId;
  if (!type) return "";
  if (type.category === "Approval") return `${type.provider} approval`;
  return type.owner === "AWS" ? `AWS ${type.provider}` : `${type.provider} (${type.owner})`;
}

/** The revision with its message, the error, or whatever else the action says of itself. */
function Told({ action: { state, latest } }: { action: ActionView }) {
  const revision = state?.currentRevision?.revisionId;
  if (latest?.errorDetails) {
    return (
      <Box fontSize="body-s" color="text-status-error">
        <span className="told">{latest.errorDetails.message ?? latest.errorDetails.code}</span>
      </Box>
    );
  }
  if (!revision && !latest?.summary) return null;
  return (
    <Box fontSize="body-s" color="text-body-secondary">
      <span className="told">
        {revision && (
          <>
            <Address url={state?.revisionUrl}>
              <code>{shortId(revision)}</code>
            </Address>{" "}
          </>
        )}
        {latest?.summary}
      </span>
    </Box>
  );
}
