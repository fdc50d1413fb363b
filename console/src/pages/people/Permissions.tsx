/** What a user, group or role may do: managed policies, inline ones, and (not for groups) the permissions boundary. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { AttachPolicies } from "./AttachPolicies";
import { DropPolicy } from "./DropPolicy";
import { InlinePolicy } from "./InlinePolicy";
import { Listing } from "./Listing";
import { MayApprove } from "./MayApprove";
import { type HolderKind, placeOf } from "./address";
import { HOLDERS, useHeld } from "./holders";
import { inShort } from "./policy/documents";

interface Held {
  name: string;
  /** Of a managed policy. */
  arn?: string;
}

type Doing = { what: "attach" | "inline" | "approve" } | { what: "edit" | "drop"; policy: Held };

export function Permissions({ kind, name }: { kind: HolderKind; name: string }) {
  const found = useHeld(kind, name);
  const [doing, setDoing] = useState<Doing>();
  const holder = HOLDERS[kind];
  const done = () => setDoing(undefined);
  const items: Held[] | undefined = found.data && [
    ...found.data.attached.map((each) => ({ name: each.PolicyName ?? "", arn: each.PolicyArn })),
    ...found.data.inline.map((each) => ({ name: each })),
  ];
  if (found.error) return <Failure error={found.error} what={`the policies of this ${kind}`} again={found.refetch} />;
  return (
    <>
      <Listing<Held>
        title="Policies"
        one="policy"
        finding={false}
        items={items}
        loading={found.isLoading}
        description={kind === "role" ? "What whoever takes the role may do." : "What no policy allows is denied."}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Permitted asks={holder.mayPut(name)} onClick={() => setDoing({ what: "approve" })}>
              Let approve…
            </Permitted>
            <Permitted asks={holder.mayPut(name)} onClick={() => setDoing({ what: "inline" })}>
              Write a policy
            </Permitted>
            <Permitted variant="primary" asks={holder.mayAttach(name)} onClick={() => setDoing({ what: "attach" })}>
              Attach policies
            </Permitted>
          </SpaceBetween>
        }
        empty={<Box>This {kind} may do nothing yet: attach a policy.</Box>}
        columns={[
          {
            id: "name",
            header: "Policy",
            isRowHeader: true,
            sortingField: "name",
            cell: (each) =>
              each.arn ? (
                <RouterLink to={placeOf("policy", each.arn)}>{each.name}</RouterLink>
              ) : (
                <Button variant="inline-link" ariaLabel={`Open ${each.name}`} onClick={() => setDoing({ what: "edit", policy: each })}>
                  {each.name}
                </Button>
              ),
          },
          { id: "kind", header: "Kind", cell: (each) => word(each) },
          { id: "what", header: "In short", cell: (each) => (each.arn && inShort(each.name)) ?? "–" },
          {
            id: "actions",
            header: "Actions",
            cell: (each) => (
              <Permitted
                variant="inline-link"
                ariaLabel={`${each.arn ? "Detach" : "Delete"} ${each.name}`}
                asks={each.arn ? holder.mayDetach(name) : holder.mayDrop(name)}
                onClick={() => setDoing({ what: "drop", policy: each })}
              >
                {each.arn ? "Detach" : "Delete"}
              </Permitted>
            ),
          },
        ]}
      />
      {doing?.what === "attach" && (
        <AttachPolicies kind={kind} name={name} held={found.data?.attached.map((each) => each.PolicyArn ?? "") ?? []} onDone={done} />
      )}
      {doing?.what === "inline" && <InlinePolicy kind={kind} name={name} onDone={done} />}
      {doing?.what === "approve" && <MayApprove kind={kind} name={name} onDone={done} />}
      {doing?.what === "edit" && <InlinePolicy kind={kind} name={name} policy={doing.policy.name} onDone={done} />}
      {doing?.what === "drop" && <DropPolicy kind={kind} name={name} {...{ policy: doing.policy.name, arn: doing.policy.arn }} onDone={done} />}
    </>
  );
}

function word(held: Held): string {
  if (!held.arn) return "Inline";
  return held.arn.startsWith("arn:aws:iam::aws:") ? "AWS managed" : "Your own";
}
