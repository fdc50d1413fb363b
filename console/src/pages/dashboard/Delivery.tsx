/** The figures: each with what it means, and the formula by which it is computed. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import Popover from "@cloudscape-design/components/popover";

import { duration } from "../../parts/When";
import type { Figures, Share } from "./figures";

const DEPLOYMENT =
  "A deployment is an execution whose deploy actions have ended; in a pipeline without deploy actions, an execution that has ended as Succeeded or Failed.";

export function Delivery({ of, days }: { of: Figures; days: number }) {
  return (
    <Container header={<Header variant="h2">Delivery in the last {days} days</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          item("Success rate", "succeeded ÷ (succeeded + failed) executions. Those that were stopped, cancelled or superseded do not count.", [
            percent(of.success),
            parts(of.success, "executions"),
          ]),
          item("Deployment frequency", `deployments that succeeded ÷ days. ${DEPLOYMENT} Rollbacks do not count.`, [
            frequency(of.perDay),
            `${number(of.deployments)} in ${days} days`,
          ]),
          item(
            "Lead time for changes",
            `the median of (end of the deployment − start of the execution), over deployments that succeeded. An execution starts when the change arrives: the time before that, since it was written, is not known here. ${DEPLOYMENT}`,
            [of.leadTime === undefined ? "–" : duration(of.leadTime), `median of ${number(of.deployments)} deployments`],
          ),
          item(
            "Change failure rate",
            `deployments that failed ÷ all deployments. One that failed and was retried, or that a rollback took back, has failed. ${DEPLOYMENT} Rollbacks do not count.`,
            [percent(of.changeFailures), parts(of.changeFailures, "deployments")],
          ),
          item(
            "Time to restore",
            "the median of (end of the next deployment of the pipeline that succeeded − the failure), over deployments that failed; a rollback restores as well.",
            [of.restore === undefined ? "–" : duration(of.restore), restored(of)],
          ),
          item(
            "Rework",
            "executions that were rollbacks, or had an action run again, or began within 24 hours after a deployment of the pipeline had failed ÷ all executions.",
            [percent(of.rework), parts(of.rework, "executions")],
          ),
        ]}
      />
    </Container>
  );
}

function item(label: string, formula: string, [value, of]: [string, string]) {
  return {
    label,
    info: (
      <Popover header={label} content={<Box>= {formula}</Box>} triggerType="custom" dismissAriaLabel="Close" size="medium">
        <Link variant="info" ariaLabel={`Info: how ${label.toLowerCase()} is computed`}>
          Info
        </Link>
      </Popover>
    ),
    value: (
      <div>
        <Box variant="span" fontSize="display-l" fontWeight="light">
          {value}
        </Box>
        <Box variant="small" display="block">
          {of}
        </Box>
      </div>
    ),
  };
}

function restored({ unrestored, changeFailures }: Figures): string {
  if (unrestored > 0) return `${number(unrestored)} not restored yet`;
  return changeFailures.part > 0 ? "all restored" : "nothing failed";
}

function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1, minimumFractionDigits: Number.isInteger(value) ? 0 : 1 });
}

function percent({ part, whole }: Share): string {
  return whole === 0 ? "–" : `${Math.round((part / whole) * 100)}%`;
}

function parts({ part, whole }: Share, what: string): string {
  return `${number(part)} of ${number(whole)} ${what}`;
}

function frequency(perDay: number): string {
  if (perDay === 0) return "–";
  return perDay >= 1 ? `${number(perDay)} a day` : `${number(perDay * 7)} a week`;
}
