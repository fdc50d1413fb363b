import { Shell } from "../shell/Shell";

export default function Buckets() {
  return <Shell>Buckets</Shell>;
}
