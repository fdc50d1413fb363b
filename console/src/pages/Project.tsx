import { Shell } from "../shell/Shell";

export default function Project() {
  return <Shell>Project</Shell>;
}
