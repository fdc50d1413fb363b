import { Shell } from "../shell/Shell";

export default function Execution() {
  return <Shell>Execution</Shell>;
}
