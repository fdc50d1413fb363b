import { Shell } from "../shell/Shell";

export default function Logs() {
  return <Shell>Logs</Shell>;
}
