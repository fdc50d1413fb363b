/** The folders above something, each a link. (The layout has room for one Cloudscape breadcrumb group only.) */

import { RouterLink } from "./RouterLink";

interface Props {
  label: string;
  steps: { text: string; to: string }[];
}

export function PathTrail({ label, steps }: Props) {
  return (
    <nav aria-label={label} className="path-trail">
      {steps.map((step, at) => (
        <span key={step.to}>
          {at > 0 && <span aria-hidden="true"> / </span>}
          {at < steps.length - 1 ? <RouterLink to={step.to}>{step.text}</RouterLink> : <strong aria-current="page">{step.text}</strong>}
        </span>
      ))}
    </nav>
  );
}
