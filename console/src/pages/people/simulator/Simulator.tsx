/** What policies would decide, asked of the evaluator that decides real requests; nothing is done. */

import Alert from "@cloudscape-design/components/alert";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import TokenGroup from "@cloudscape-design/components/token-group";
import { useState } from "react";

import { type ApiError, call } from "../../../api/client";
import { may } from "../../../api/may";
import type { EvaluationResult } from "../../../api/models/iam";
import { usePerson } from "../../../api/session";
import { Permitted } from "../../../parts/Permitted";
import { useKept } from "../../../parts/useKept";
import "../people.css";
import { Editor, unfit } from "../policy/Editor";
import { STARTER } from "../policy/documents";
import { MANAGED_LIMIT } from "../policy/limits";
import { Context } from "./Context";
import { Results } from "./Results";
import { WhoField } from "./WhoField";
import { type Asked, KNOWN, entries, parsed, pattern, written } from "./questions";

export function Simulator() {
  const person = usePerson();
  const [asked, setAsked] = useKept(parsed, written);
  const [text, setText] = useState(STARTER);
  const [lines, setLines] = useState(asked.resources.join("\n"));
  const [answer, setAnswer] = useState<{ results: EvaluationResult[]; policy?: string }>();
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const change = (some: Partial<Asked>) => setAsked({ ...asked, ...some });
  const resources = (value: string) => {
    setLines(value);
    change({ resources: value.split("\n").map((each) => each.trim()).filter(Boolean) });
  };
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setAnswer({ results: await simulate(asked, text), policy: asked.who ? undefined : text });
    } catch (failure) {
      setAnswer(undefined);
      setError(failure as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const question = asked.who
    ? may("iam", "SimulatePrincipalPolicy", { PolicySourceArn: asked.who, ActionNames: ["iam:GetUser"] })
    : may("iam", "SimulateCustomPolicy", { PolicyInputList: [STARTER], ActionNames: ["iam:GetUser"] });
  return (
    <SpaceBetween size="l">
      <Container header={<Header description="Asked of the evaluator that decides real requests. Nothing is done.">Simulator</Header>}>
        <SpaceBetween size="m">
          <WhoField who={asked.who} onChange={(who) => change({ who })} />
          {!asked.who && <Editor value={text} onChange={setText} limit={MANAGED_LIMIT} rows={10} />}
          <Actions actions={asked.actions} onChange={(actions) => change({ actions })} />
          <FormField
            label="Resources – optional"
            description="ARNs, one a line; without any, on everything."
            constraintText={`Such as ${pattern(asked.actions, person.account, person.region)}`}
            stretch
          >
            <Textarea value={lines} onChange={(event) => resources(event.detail.value)} rows={3} spellcheck={false} />
          </FormField>
          <Context asked={asked} text={text} onChange={(context) => change({ context })} />
          <Permitted
            variant="primary"
            asks={question}
            disabled={asked.actions.length === 0 || (!asked.who && Boolean(unfit(text, "identity", MANAGED_LIMIT)))}
            loading={busy}
            onClick={() => void run()}
          >
            Simulate
          </Permitted>
        </SpaceBetween>
      </Container>
      {error && (
        <Alert type="error" header={error.name}>
          {error.message}
        </Alert>
      )}
      {answer && <Results results={answer.results} policy={answer.policy} />}
    </SpaceBetween>
  );
}

async function simulate(asked: Asked, text: string): Promise<EvaluationResult[]> {
  const found: EvaluationResult[] = [];
  const question = {
    ActionNames: asked.actions,
    ...(asked.resources.length ? { ResourceArns: asked.resources } : {}),
    ContextEntries: entries(asked.context),
  };
  let Marker: string | undefined;
  do {
    const more = { ...question, ...(Marker ? { Marker } : {}) };
    const page = asked.who
      ? await call("iam", "SimulatePrincipalPolicy", { PolicySourceArn: asked.who, ...more })
      : await call("iam", "SimulateCustomPolicy", { PolicyInputList: [text], ...more });
    found.push(...(page.EvaluationResults ?? []));
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
  return found;
}

function Actions({ actions, onChange }: { actions: string[]; onChange: (actions: string[]) => void }) {
  const [typed, setTyped] = useState("");
  const add = (value: string) => {
    const name = value.trim();
    if (/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(name) && !actions.includes(name)) onChange([...actions, name]);
    setTyped("");
  };
  const unfinished = typed && !/^[A-Za-z0-9-]+(:[A-Za-z0-9]*)?$/.test(typed) ? "An action is written service:Action, without wildcards." : undefined;
  return (
    <FormField label="Actions" description="What is wanted to be done; choose one, or type it and press Enter." errorText={unfinished} stretch>
      <SpaceBetween size="xs">
        <div className="with-button">
          <Autosuggest
            value={typed}
            onChange={(event) => setTyped(event.detail.value)}
            onSelect={(event) => add(event.detail.value)}
            onKeyDown={(event) => event.detail.key === "Enter" && add(typed)}
            options={KNOWN.filter((each) => !actions.includes(each.value))}
            enteredTextLabel={(value) => `Use ${value}`}
            placeholder="codepipeline:PutApprovalResult"
            ariaLabel="Actions"
            empty="There is no such action here."
          />
          <Button onClick={() => add(typed)} disabled={!typed}>
            Add
          </Button>
        </div>
        <TokenGroup
          items={actions.map((label) => ({ label, dismissLabel: `Take away ${label}` }))}
          onDismiss={(event) => onChange(actions.filter((_, index) => index !== event.detail.itemIndex))}
        />
      </SpaceBetween>
    </FormField>
  );
}
