/** What two branches or commits have different. Both are in the address. */

import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSearchParams } from "react-router";

import { Differences } from "./Differences";
import { RefSelect } from "./RefSelect";

export function Compare({ repository, branch }: { repository: string; branch: string }) {
  const [query, setQuery] = useSearchParams();
  const from = query.get("from") ?? branch;
  const to = query.get("to") ?? "";
  const choose = (changed: Record<string, string>) => setQuery({ from, to, ...changed }, { replace: true });
  return (
    <SpaceBetween size="l">
      <div className="code-place">
        <FormField label="From">
          <RefSelect repository={repository} value={from} label="From" onChange={(ref) => choose({ from: ref })} />
        </FormField>
        <FormField label="To">
          <RefSelect repository={repository} value={to} label="To" onChange={(ref) => choose({ to: ref })} />
        </FormField>
      </div>
      {from && to ? (
        <Differences repository={repository} before={from} after={to} />
      ) : (
        <Box>Choose the branch to compare with {from || "another one"}.</Box>
      )}
    </SpaceBetween>
  );
}
