import { Shell } from "../shell/Shell";

export default function Settings() {
  return <Shell>Settings</Shell>;
}
