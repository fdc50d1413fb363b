/** A field for managed policies, each with what it lets people do. */

import FormField from "@cloudscape-design/components/form-field";
import Multiselect, { type MultiselectProps } from "@cloudscape-design/components/multiselect";

import { policyOptions, usePolicies } from "./choices";

interface Props {
  label: string;
  chosen: readonly MultiselectProps.Option[];
  onChange: (chosen: readonly MultiselectProps.Option[]) => void;
  /** ARNs of policies that are not offered. */
  without?: string[];
}

export function ChoosePolicies({ label, chosen, onChange, without }: Props) {
  const found = usePolicies();
  return (
    <FormField label={label} errorText={found.error?.message} stretch>
      <Multiselect
        selectedOptions={chosen}
        options={policyOptions(found.data ?? [], without)}
        onChange={(event) => onChange(event.detail.selectedOptions)}
        filteringType="auto"
        filteringAriaLabel="Find a policy"
        placeholder="Choose policies"
        statusType={found.isLoading ? "loading" : "finished"}
        loadingText="Reading the policies"
        empty="There is no such policy."
        deselectAriaLabel={(option) => `Take away ${option.label}`}
        expandToViewport
      />
    </FormField>
  );
}
