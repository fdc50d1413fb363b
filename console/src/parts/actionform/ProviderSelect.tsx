/** Which provider: by category, as AWS's console has them. */

import Select, { type SelectProps } from "@cloudscape-design/components/select";

import { type Kind, keyOf } from "./catalog";
import { providerOf } from "./providers";

const ORDER = ["Source", "Build", "Compute", "Test", "Approval", "Deploy", "Invoke", "Rule"];
const TITLES: Record<string, string> = { Compute: "Commands", Rule: "Rules" };

interface Props {
  kinds: Kind[] | undefined;
  loading?: boolean;
  /** The key of the type; empty when nothing is chosen yet. */
  value: string;
  onChange: (kind: Kind) => void;
  /** Only these categories. */
  categories?: string[];
  placeholder?: string;
}

export function ProviderSelect({ kinds = [], loading, value, onChange, categories, placeholder = "Choose a provider" }: Props) {
  const options = grouped(kinds.filter((each) => !categories || categories.includes(each.id.category)));
  const all = options.flatMap((each) => each.options);
  const gone = value && !loading && kinds.length > 0 ? { value, label: `${value.split("/")[2]} (not on this server)` } : null;
  return (
    <Select
      options={options.length === 1 ? options[0].options : options}
      selectedOption={all.find((each) => each.value === value) ?? gone}
      onChange={({ detail }) => {
        const found = kinds.find((each) => keyOf(each.id) === detail.selectedOption.value);
        if (found) onChange(found);
      }}
      placeholder={placeholder}
      statusType={loading ? "loading" : "finished"}
      loadingText="Reading the providers"
      filteringType={all.length > 12 ? "auto" : "none"}
      empty="There are no providers"
      expandToViewport
    />
  );
}

function grouped(kinds: Kind[]): (SelectProps.OptionGroup & { options: SelectProps.Option[] })[] {
  const categories = [...new Set(kinds.map((each) => each.id.category))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return categories.map((category) => ({
    label: TITLES[category] ?? category,
    options: kinds.filter((each) => each.id.category === category).map(option),
  }));
}

function option(kind: Kind): SelectProps.Option {
  const key = keyOf(kind.id);
  const { title, description } = providerOf(key);
  const { owner, version } = kind.id;
  return { value: key, label: title, description, labelTag: owner === "AWS" ? undefined : `${owner}, version ${version}` };
}
