import { Shell } from "../shell/Shell";

export default function Bucket() {
  return <Shell>Bucket</Shell>;
}
