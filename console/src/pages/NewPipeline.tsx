import { Shell } from "../shell/Shell";

export default function NewPipeline() {
  return <Shell>NewPipeline</Shell>;
}
