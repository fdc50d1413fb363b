import { Shell } from "../shell/Shell";

export default function Approvals() {
  return <Shell>Approvals</Shell>;
}
