import { Shell } from "../shell/Shell";

export default function People() {
  return <Shell>People</Shell>;
}
