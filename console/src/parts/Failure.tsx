/** Why something could not be read. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";

import type { ApiError } from "../api/client";

export function Failure({ error, what, again }: { error: ApiError | null; what: string; again?: () => void }) {
  if (!error) return null;
  return (
    <Alert
      type={error.denied ? "warning" : "error"}
      header={error.denied ? `You may not see ${what}` : `Could not read ${what}`}
      action={again && !error.denied ? <Button onClick={again}>Try again</Button> : undefined}
    >
      {error.message}
    </Alert>
  );
}
