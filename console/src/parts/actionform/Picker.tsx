/** A text with suggestions of what is there. Where nothing can be listed it is a plain text field that says why. */

import Autosuggest, { type AutosuggestProps } from "@cloudscape-design/components/autosuggest";

import type { ApiError } from "../../api/client";

export interface PickerProps {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** Said when there is nothing to choose. */
  ariaLabel?: string;
}

interface Props extends PickerProps {
  found: { isLoading: boolean; isError: boolean; isSuccess: boolean; error: ApiError | null; refetch: () => Promise<unknown> };
  options: AutosuggestProps.Option[] | undefined;
  /** What is listed, in the plural. */
  what: string;
}

export function Picker({ value, onChange, placeholder, found, options = [], what, ariaLabel }: Props) {
  const none = found.isSuccess && options.length === 0;
  return (
    <Autosuggest
      value={value}
      onChange={(event) => onChange(event.detail.value)}
      options={options}
      placeholder={placeholder}
      ariaLabel={ariaLabel}
      statusType={found.isLoading ? "loading" : found.isError ? "error" : "finished"}
      loadingText={`Reading the ${what}`}
      errorText={found.error?.denied ? `You may not list ${what}: type it` : `The ${what} cannot be listed here: type it`}
      recoveryText={found.error?.denied || found.error?.status === 501 ? undefined : "Try again"}
      onLoadItems={() => {
        if (found.error && !found.error.denied && found.error.status !== 501) void found.refetch();
      }}
      empty={none ? `There are no ${what} yet` : "None is called so"}
      enteredTextLabel={(text) => `Use ${text}`}
      expandToViewport
    />
  );
}
