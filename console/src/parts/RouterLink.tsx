/** A link within the console: opens without loading anew, and in a new tab when asked to. */

import Link, { type LinkProps } from "@cloudscape-design/components/link";
import type { ReactNode } from "react";
import { useHref, useNavigate } from "react-router";

interface Props {
  to: string;
  children: ReactNode;
  variant?: LinkProps.Variant;
  fontSize?: LinkProps.FontSize;
  ariaLabel?: string;
}

export function RouterLink({ to, children, variant, fontSize, ariaLabel }: Props) {
  const navigate = useNavigate();
  return (
    <Link
      href={useHref(to)}
      variant={variant}
      fontSize={fontSize}
      ariaLabel={ariaLabel}
      onFollow={(event) => {
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </Link>
  );
}
