import { Shell } from "../shell/Shell";

export default function LogStream() {
  return <Shell>LogStream</Shell>;
}
