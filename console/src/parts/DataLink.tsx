/** A link whose address came as data: to a page of this console, to another site, or, where it is no web address, only its text. */

import Link from "@cloudscape-design/components/link";
import type { ReactNode } from "react";

import { RouterLink } from "./RouterLink";
import { inside, outside } from "./outside";

export function DataLink({ url, children }: { url: string | undefined; children: ReactNode }) {
  const page = inside(url);
  if (page) return <RouterLink to={page}>{children}</RouterLink>;
  const safe = outside(url);
  if (!safe) return <>{children}</>;
  return (
    <Link href={safe} external>
      {children}
    </Link>
  );
}
