/** What will be done, to take along: the declaration as JSON, commands of the AWS CLI, a template of CloudFormation. */

import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";

import "./code.css";
import type { Plan } from "./plan";
import { commandsOf, templateOf } from "./texts";

export function AsCode({ plan }: { plan: Plan }) {
  return (
    <Tabs
      ariaLabel="Ways to write it"
      tabs={[
        tab("json", "JSON", JSON.stringify({ pipeline: plan.declaration }, null, 2)),
        tab("cli", "AWS CLI", commandsOf(plan)),
        tab("template", "CloudFormation", templateOf(plan)),
      ]}
    />
  );
}

function tab(id: string, label: string, text: string) {
  return {
    id,
    label,
    content: (
      <SpaceBetween size="xs">
        <CopyToClipboard
          copyButtonText={`Copy ${label}`}
          copySuccessText="Copied"
          copyErrorText="The browser did not let it be copied"
          textToCopy={text}
        />
        <pre className="as-code" role="region" aria-label={label} tabIndex={0}>
          {text}
        </pre>
      </SpaceBetween>
    ),
  };
}
