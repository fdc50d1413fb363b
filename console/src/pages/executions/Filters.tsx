/** The fields above the history that narrow it down. */

import "./Filters.css";

import Select, { type SelectProps } from "@cloudscape-design/components/select";
import TextFilter from "@cloudscape-design/components/text-filter";

import { statusWord } from "../../parts/Status";
import { AGES, type Filter, STATUSES, TRIGGERS } from "./filter";

interface Props {
  filter: Filter;
  stages: string[];
  count: string;
  onChange: (changes: Record<string, string>, replace?: boolean) => void;
}

export function Filters({ filter, stages, count, onChange }: Props) {
  const since = Object.entries(AGES).map(([value, { text }]) => ({ value, label: text }));
  if (filter.since && !AGES[filter.since]) since.push({ value: filter.since, label: `Since ${filter.since}` });
  return (
    <div className="history-filters">
      <TextFilter
        filteringText={filter.text}
        filteringPlaceholder="Find by id, revision, message or trigger"
        filteringAriaLabel="Find executions"
        countText={count}
        onChange={(event) => onChange({ q: event.detail.filteringText }, true)}
      />
      <Choice label="Status" any="Any status" value={filter.status} onChange={(status) => onChange({ status })}>
        {STATUSES.map((value) => ({ value, label: statusWord(value) }))}
      </Choice>
      <Choice label="Trigger" any="Any trigger" value={filter.trigger} onChange={(trigger) => onChange({ trigger })}>
        {TRIGGERS.map((value) => ({ value, label: value }))}
      </Choice>
      <Choice label="Succeeded in" any="Any stage" value={filter.stage} onChange={(stage) => onChange({ stage })}>
        {stages.map((value) => ({ value, label: `Succeeded in ${value}` }))}
      </Choice>
      <Choice label="Since" any="Any time" value={filter.since} onChange={(each) => onChange({ since: each })}>
        {since}
      </Choice>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string;
  onChange: (value: string) => void;
  children: { value: string; label: string }[];
}

function Choice({ label, any, value, onChange, children }: ChoiceProps) {
  const options: SelectProps.Option[] = [{ value: "", label: any }, ...children];
  const selected = options.find((each) => each.value === value) ?? { value, label: value };
  return (
    <Select
      ariaLabel={label}
      selectedOption={selected}
      options={options}
      onChange={(event) => onChange(event.detail.selectedOption.value ?? "")}
    />
  );
}
