import { Shell } from "../shell/Shell";

export default function Build() {
  return <Shell>Build</Shell>;
}
