import { Shell } from "../shell/Shell";

export default function Audit() {
  return <Shell>Audit</Shell>;
}
