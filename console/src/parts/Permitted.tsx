/** A button that is disabled, with the reason, where the person's policies do not allow what it does. */

import Button, { type ButtonProps } from "@cloudscape-design/components/button";

import { type Question, useMay } from "../api/may";

interface Props extends ButtonProps {
  asks: Question | Question[];
}

export function Permitted({ asks, disabled, disabledReason, ...rest }: Props) {
  const refused = useMay(Array.isArray(asks) ? asks : [asks]).find((reason) => reason);
  return <Button {...rest} disabled={disabled || Boolean(refused)} disabledReason={refused || disabledReason} />;
}
