/** A link made of data: within the console, to somewhere else, or plain text where the address is none to follow. */

import Link from "@cloudscape-design/components/link";
import type { ReactNode } from "react";

import { RouterLink } from "./RouterLink";
import { placeOf } from "./addresses";

export function Address({ url, children }: { url: string | undefined; children: ReactNode }) {
  const place = placeOf(url);
  if (!place) return <>{children}</>;
  if ("inside" in place) {
    return (
      <RouterLink to={place.inside} fontSize="inherit">
        {children}
      </RouterLink>
    );
  }
  return (
    <Link href={place.outside} external fontSize="inherit" externalIconAriaLabel="Opens in a new tab" rel="noopener noreferrer">
      {children}
    </Link>
  );
}
