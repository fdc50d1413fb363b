/** Whose policies are asked. */

import FormField from "@cloudscape-design/components/form-field";
import Select, { type SelectProps } from "@cloudscape-design/components/select";

import { useListing } from "../../../api/queries";
import { useGroups } from "../choices";

const WRITTEN: SelectProps.Option = { value: "", label: "Nobody yet: a policy that I write here" };

export function WhoField({ who, onChange }: { who: string; onChange: (who: string) => void }) {
  const users = useListing("iam", "ListUsers", {}, (page) => [page.Users, page.IsTruncated ? page.Marker : undefined], { token: "Marker" });
  const roles = useListing("iam", "ListRoles", {}, (page) => [page.Roles, page.IsTruncated ? page.Marker : undefined], { token: "Marker" });
  const groups = useGroups();
  const options: SelectProps.OptionGroup[] = [
    { label: "Users", options: (users.data ?? []).map((each) => ({ value: each.Arn, label: each.UserName })) },
    { label: "Groups", options: (groups.data ?? []).map((each) => ({ value: each.Arn, label: each.GroupName })) },
    { label: "Roles", options: (roles.data ?? []).map((each) => ({ value: each.Arn, label: each.RoleName })) },
  ];
  const chosen = options.flatMap((group) => group.options).find((each) => each.value === who);
  const error = users.error ?? groups.error ?? roles.error;
  return (
    <FormField label="Who" errorText={error?.message}>
      <Select
        selectedOption={who ? (chosen ?? { value: who, label: who.slice(who.lastIndexOf("/") + 1) }) : WRITTEN}
        options={[WRITTEN, ...options.filter((group) => group.options.length > 0)]}
        onChange={(event) => onChange(event.detail.selectedOption.value ?? "")}
        filteringType="auto"
        filteringAriaLabel="Find somebody"
      />
    </FormField>
  );
}
