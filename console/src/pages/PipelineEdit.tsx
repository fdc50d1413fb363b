import { Shell } from "../shell/Shell";

export default function PipelineEdit() {
  return <Shell>PipelineEdit</Shell>;
}
