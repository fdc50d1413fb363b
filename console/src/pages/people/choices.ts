/** What forms offer for choice: policies with what they are for, groups. */

import type { MultiselectProps } from "@cloudscape-design/components/multiselect";

import type { Policy } from "../../api/models/iam";
import { useListing } from "../../api/queries";
import { inShort } from "./policy/documents";

const FOR_PIPELINES = [
  "AWSCodePipelineApproverAccess",
  "AWSCodePipeline_ReadOnlyAccess",
  "AWSCodePipeline_FullAccess",
  "AWSCodeBuildReadOnlyAccess",
  "AWSCodeBuildDeveloperAccess",
  "AWSCodeCommitPowerUser",
  "AdministratorAccess",
];

/** All managed policies that can be attached. */
export function usePolicies(scope: "All" | "AWS" | "Local" = "All") {
  return useListing("iam", "ListPolicies", { Scope: scope }, (page) => [page.Policies, page.IsTruncated ? page.Marker : undefined], {
    token: "Marker",
  });
}

/** All groups. */
export function useGroups() {
  return useListing("iam", "ListGroups", {}, (page) => [page.Groups, page.IsTruncated ? page.Marker : undefined], { token: "Marker" });
}

/** Policies as options: first what people who work with pipelines need, then one's own, then the rest. */
export function policyOptions(policies: Policy[], without: string[] = []): MultiselectProps.OptionGroup[] {
  const left = policies.filter((each) => !without.includes(each.Arn ?? "") && !each.Path?.startsWith("/aws-service-role/"));
  const aws = (each: Policy) => each.Arn?.startsWith("arn:aws:iam::aws:") ?? false;
  const often = (each: Policy) => aws(each) && FOR_PIPELINES.includes(each.PolicyName ?? "");
  const order = (each: Policy) => FOR_PIPELINES.indexOf(each.PolicyName ?? "");
  const groups = [
    { label: "Often needed", options: left.filter(often).sort((a, b) => order(a) - order(b)) },
    { label: "Your own", options: left.filter((each) => !aws(each)) },
    { label: "Others of AWS", options: left.filter((each) => aws(each) && !often(each)) },
  ];
  return groups
    .filter((group) => group.options.length > 0)
    .map((group) => ({
      ...group,
      options: group.options.map((each) => ({
        value: each.Arn ?? "",
        label: each.PolicyName,
        description: aws(each) ? inShort(each.PolicyName ?? "") : undefined,
      })),
    }));
}
