import { Shell } from "../shell/Shell";

export default function Executions() {
  return <Shell>Executions</Shell>;
}
