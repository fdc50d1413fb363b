/** Choosing a branch. A commit that is looked at is offered as well. */

import Select from "@cloudscape-design/components/select";

import { useListing } from "../../api/queries";

interface Props {
  repository: string;
  value: string;
  label: string;
  onChange: (ref: string) => void;
}

export function RefSelect({ repository, value, label, onChange }: Props) {
  const found = useListing("codecommit", "ListBranches", { repositoryName: repository }, (page) => [page.branches, page.nextToken]);
  const names = [...new Set([...(value ? [value] : []), ...(found.data ?? [])])];
  return (
    <Select
      ariaLabel={label}
      selectedOption={value ? { value, label: value } : null}
      placeholder="Choose a branch"
      filteringType={names.length > 8 ? "auto" : "none"}
      options={names.map((each) => ({ value: each, label: each }))}
      onChange={(event) => onChange(event.detail.selectedOption.value ?? "")}
    />
  );
}
