/** Letting somebody answer one approval: the policy that it takes is written for it. */

import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { usePerson } from "../../api/session";
import { useCall, useListing } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { useNotices } from "../../shell/notices";
import type { HolderKind } from "./address";
import { HOLDERS } from "./holders";
import { Document } from "./policy/Document";
import { approver } from "./policy/documents";

export function MayApprove({ kind, name, onDone }: { kind: HolderKind; name: string; onDone: () => void }) {
  const client = useQueryClient();
  const { account, region } = usePerson();
  const { tell } = useNotices();
  const [pipeline, setPipeline] = useState("");
  const [place, setPlace] = useState("");
  const pipelines = useListing("codepipeline", "ListPipelines", {}, (page) => [page.pipelines, page.nextToken]);
  const structure = useCall("codepipeline", "GetPipeline", { name: pipeline }, { enabled: Boolean(pipeline) });
  const places = (structure.data?.pipeline?.stages ?? []).flatMap((stage) =>
    stage.actions
      .filter((action) => action.actionTypeId.category === "Approval")
      .map((action) => ({ value: `${stage.name}/${action.name}`, label: `${stage.name} / ${action.name}` })),
  );
  const [stage, action] = place.split("/");
  const text = place ? approver(`arn:aws:codepipeline:${region}:${account}:${pipeline}`, stage, action) : "";
  const save = async () => {
    await HOLDERS[kind].put(name, `approve-${pipeline}-${stage}-${action}`.slice(0, 128), text);
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `${name} may answer ${stage} / ${action} of ${pipeline}.`);
  };
  return (
    <Confirm title={`Let ${name} approve`} verb="Let approve" size="medium" disabled={!text} onConfirm={save} onDone={onDone}>
      <Failure error={pipelines.error ?? structure.error} what="the pipelines" />
      <FormField label="Pipeline">
        <Select
          selectedOption={pipeline ? { value: pipeline, label: pipeline } : null}
          options={(pipelines.data ?? []).map((each) => ({ value: each.name ?? "", label: each.name }))}
          onChange={(event) => {
            setPipeline(event.detail.selectedOption.value ?? "");
            setPlace("");
          }}
          filteringType="auto"
          placeholder="Choose a pipeline"
          statusType={pipelines.isLoading ? "loading" : "finished"}
          empty="There is no pipeline yet."
        />
      </FormField>
      <FormField label="Approval" description="The right counts for this action in this stage only, as IAM asks for it.">
        <Select
          selectedOption={places.find((each) => each.value === place) ?? null}
          options={places}
          onChange={(event) => setPlace(event.detail.selectedOption.value ?? "")}
          disabled={!pipeline}
          placeholder="Choose an approval action"
          empty="This pipeline has no approval action."
        />
      </FormField>
      {text && <Document text={text} />}
    </Confirm>
  );
}
