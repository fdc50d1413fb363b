/** The wizard that makes a pipeline, from nothing or (`?clone=NAME`) from another one. */

import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { useCall } from "../api/queries";
import { usePerson } from "../api/session";
import { Failure } from "../parts/Failure";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Assistant } from "./newpipeline/Assistant";
import { clone, fresh } from "./newpipeline/draft";
import { recalled } from "./newpipeline/kept";

export default function NewPipeline() {
  const [query] = useSearchParams();
  const from = query.get("clone") ?? "";
  useTitle(from ? `Clone ${from}` : "Create pipeline");
  return (
    <Shell
      contentType="wizard"
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: from ? `Clone ${from}` : "Create pipeline", href: `/pipelines/new${from ? `?${query}` : ""}` },
      ]}
    >
      <Start key={from} from={from} />
    </Shell>
  );
}

function Start({ from }: { from: string }) {
  const { person, account } = usePerson();
  const name = `stageline.wizard.${account}.${person ?? ""}.${from}`;
  const [before] = useState(() => recalled(name));
  const [round, setRound] = useState(0);
  const [digits] = useState(() => Array.from(crypto.getRandomValues(new Uint8Array(12)), (each) => each % 10).join(""));
  const again = round === 0 ? before : undefined;
  const found = useCall("codepipeline", "GetPipeline", { name: from }, { enabled: Boolean(from) });
  if (found.error && !again) return <Failure error={found.error} what={`the pipeline ${from}`} again={found.refetch} />;
  const pipeline = found.data?.pipeline;
  if (from && !again && !pipeline) return <Spinner size="large" />;
  const draft = pipeline ? clone(pipeline, digits) : fresh(digits);
  return (
    <Assistant
      key={round}
      name={name}
      initial={again ?? { draft, step: 0, made: {}, begun: [] }}
      recalled={Boolean(again)}
      onRestart={() => {
        sessionStorage.removeItem(name);
        setRound(round + 1);
      }}
    />
  );
}
