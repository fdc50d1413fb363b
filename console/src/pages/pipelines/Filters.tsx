/** Finds pipelines by name, and by how they stand and what they are. */

import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import TextFilter from "@cloudscape-design/components/text-filter";

import { statusWord } from "../../parts/Status";
import { NEVER, STATUSES } from "./arrange";
import { MODES, type Place, TYPES } from "./view";

interface Props {
  place: Place;
  change: (changes: Partial<Place>) => void;
  /** How many match, in words. */
  count: string;
}

const WORDS: Record<string, string> = { SUPERSEDED: "Superseded", QUEUED: "Queued", PARALLEL: "Parallel" };

/** The word for an execution mode. */
export const modeWord = (mode: string | undefined) => WORDS[mode ?? ""] ?? mode ?? "–";

export function Filters({ place, change, count }: Props) {
  const statuses = STATUSES.map((value) => ({ value, label: value === NEVER ? "Didn't run" : statusWord(value) }));
  return (
    <div className="filters">
      <TextFilter
        filteringText={place.text}
        filteringPlaceholder="Find pipelines by name"
        filteringAriaLabel="Find pipelines by name"
        filteringClearAriaLabel="Clear"
        countText={count}
        onChange={(event) => change({ text: event.detail.filteringText })}
      />
      <Multiselect
        options={statuses}
        selectedOptions={statuses.filter(({ value }) => place.statuses.includes(value))}
        placeholder="Any status"
        ariaLabel="Status of the latest execution"
        inlineTokens
        onChange={(event) => change({ statuses: event.detail.selectedOptions.map(({ value }) => value ?? "") })}
      />
      <One any="Any type" label="Type" all={TYPES} value={place.type} onChange={(type) => change({ type })} />
      <One any="Any mode" label="Execution mode" all={MODES} value={place.mode} onChange={(mode) => change({ mode })} />
    </div>
  );
}

interface OneProps {
  any: string;
  label: string;
  all: string[];
  value: string;
  onChange: (value: string) => void;
}

function One({ any, label, all, value, onChange }: OneProps) {
  const options = [{ value: "", label: any }, ...all.map((each) => ({ value: each, label: modeWord(each) }))];
  return (
    <Select
      options={options}
      selectedOption={options.find((each) => each.value === value) ?? options[0]}
      ariaLabel={label}
      onChange={(event) => onChange(event.detail.selectedOption.value ?? "")}
    />
  );
}
