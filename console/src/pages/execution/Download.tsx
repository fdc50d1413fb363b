/** A link that downloads an artifact, as its name. */

import Link from "@cloudscape-design/components/link";

import { objectUrl } from "../../api/client";
import type { ArtifactDetail } from "../../api/models/codepipeline";

export function Download({ artifact, text }: { artifact: ArtifactDetail; text?: string }) {
  const { bucket, key } = artifact.s3location ?? {};
  if (!bucket || !key) return <>{artifact.name}</>;
  return (
    <Link href={objectUrl(bucket, key)} ariaLabel={`Download ${artifact.name}`}>
      {text ?? artifact.name}
    </Link>
  );
}
