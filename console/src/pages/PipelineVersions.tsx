import { Shell } from "../shell/Shell";

export default function PipelineVersions() {
  return <Shell>PipelineVersions</Shell>;
}
