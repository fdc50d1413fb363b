import { Shell } from "../shell/Shell";

export default function Projects() {
  return <Shell>Projects</Shell>;
}
