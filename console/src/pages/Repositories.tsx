import { Shell } from "../shell/Shell";

export default function Repositories() {
  return <Shell>Repositories</Shell>;
}
