/** One run of an action or a rule: how it went, with what it ran, what came out. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { Status } from "../../parts/Status";
import { Took, When } from "../../parts/When";
import { Download } from "./Download";
import { Settings } from "./Settings";
import { Values } from "./Values";
import { Elsewhere } from "./links";
import { KINDS, type Run } from "./runs";

export function RunDetails({ run, onClose }: { run: Run; onClose: () => void }) {
  const kind = run.rule ? (run.condition ? `Rule of the ${KINDS[run.condition].toLowerCase()}` : "Rule") : run.category;
  return (
    <Modal visible size="large" header={`${run.name} in ${run.stage}`} closeAriaLabel="Close" onDismiss={onClose}>
      <SpaceBetween size="l">
        {run.error && (
          <Alert type="error" header={run.error.code ?? "Failed"}>
            {run.error.message}
          </Alert>
        )}
        <KeyValuePairs
          columns={3}
          items={[
            { label: "Status", value: <Status status={run.status} /> },
            { label: "Started", value: <When at={run.start} /> },
            { label: "Duration", value: <Took from={run.start} to={run.end} /> },
            { label: "Kind", value: `${kind} – ${run.provider}` },
            { label: "See also", value: <Elsewhere run={run} /> },
            { label: "Region", value: run.region ?? "–" },
            { label: "Summary", value: run.summary ?? "–" },
            { label: "Last changed by", value: run.by ?? "–" },
            { label: "Role", value: run.role ?? "The pipeline's" },
            { label: "External execution id", value: run.externalId ?? "–" },
            { label: "Id", value: <Box variant="code">{run.id}</Box> },
            { label: "Namespace", value: run.namespace ?? "–" },
          ]}
        />
        <Settings run={run} />
        {Object.keys(run.variables).length > 0 && (
          <Values title="Output variables" label={`Output variables of ${run.name}`} values={Object.entries(run.variables)} />
        )}
        {(["inputs", "outputs"] as const).map(
          (side) =>
            run[side].length > 0 && (
              <SpaceBetween key={side} size="xs">
                <Header variant="h3">{side === "inputs" ? "Input artifacts" : "Output artifacts"}</Header>
                {run[side].map((each) => (
                  <Download key={each.name} artifact={each} />
                ))}
              </SpaceBetween>
            ),
        )}
      </SpaceBetween>
    </Modal>
  );
}
