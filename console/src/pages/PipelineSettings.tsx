import { Shell } from "../shell/Shell";

export default function PipelineSettings() {
  return <Shell>PipelineSettings</Shell>;
}
