import { Shell } from "../shell/Shell";

export default function Pipeline() {
  return <Shell>Pipeline</Shell>;
}
