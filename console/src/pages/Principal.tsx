import { Shell } from "../shell/Shell";

export default function Principal() {
  return <Shell>Principal</Shell>;
}
