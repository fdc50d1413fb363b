import { Shell } from "../shell/Shell";

export default function LogGroup() {
  return <Shell>LogGroup</Shell>;
}
