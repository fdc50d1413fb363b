import { Shell } from "../shell/Shell";

export default function Repository() {
  return <Shell>Repository</Shell>;
}
