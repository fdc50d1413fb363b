import { Shell } from "../shell/Shell";

export default function Dashboard() {
  return <Shell>Dashboard</Shell>;
}
