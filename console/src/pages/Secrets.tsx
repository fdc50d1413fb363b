import { Shell } from "../shell/Shell";

export default function Secrets() {
  return <Shell>Secrets</Shell>;
}
