/** The wizard itself: its steps, what keeps one from going on, and carrying it out. */

import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Wizard, { type WizardProps } from "@cloudscape-design/components/wizard";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";

import { usePerson } from "../../api/session";
import { Permitted } from "../../parts/Permitted";
import { useActionTypes } from "../../parts/actionform/catalog";
import type { Errors } from "../../parts/actionform/check";
import { useBuckets, usePipelines } from "../../parts/actionform/pickers";
import { useNotices } from "../../shell/notices";
import { Above, Leaving } from "./Around";
import { AsCode } from "./AsCode";
import { ReviewStep } from "./ReviewStep";
import { SettingsStep } from "./SettingsStep";
import { StageStep } from "./StageStep";
import { checkSettings, checkStage, skippable } from "./checks";
import { type Failed, useCreating } from "./creating";
import type { Draft, StageDraft } from "./draft";
import { type Held, useKept, withoutSecrets } from "./kept";
import { planOf } from "./plan";
import { type Refused, atField, refusedAt, typed } from "./refused";

interface Props {
  name: string;
  initial: Held;
  recalled: boolean;
  onRestart: () => void;
}

export function Assistant({ name, initial, recalled, onRestart }: Props) {
  const place = usePerson();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const { kinds } = useActionTypes();
  const { held, current, change, forget } = useKept(name, initial, kinds);
  const { run, busy, failed, done, dismiss } = useCreating(current, change);
  const [tried, setTried] = useState<number[]>([]);
  const [refused, setRefused] = useState<Refused[]>([]);
  const [leaving, setLeaving] = useState(false);
  const [code, setCode] = useState(false);
  const { draft, step, made } = held;
  const buckets = useBuckets();
  const pipelines = usePipelines();
  const taken = (pipelines.data ?? []).map((each) => each.name ?? "");
  // Once this draft has made a bucket, it stays with it.
  const own = [...Object.keys(made), ...held.begun].some((each) => each.startsWith("bucket:"));
  const known = useMemo(() => (own ? [] : (buckets.data ?? []).map((each) => each.Name ?? "")), [buckets.data, own]);
  const plan = useMemo(() => planOf(draft, place, known), [draft, place, known]);
  const last = draft.stages.length + 1;
  useFocusOnError(tried, failed);

  const faults = (at: number): Errors[] => {
    if (at === 0) return [checkSettings(draft, place, held.begun.includes(`pipeline:${draft.name}`) ? [] : taken)];
    if (at === last) return [];
    return checkStage(draft, at - 1, place, kinds);
  };
  const shown = (at: number): Errors[] => {
    const found = faults(at);
    const told = tried.includes(at)
      ? found
      : found.map((each, number) => typed(each, at === 0 ? undefined : draft.stages[at - 1].stage.actions[number], draft));
    return told.map((each, number) => ({ ...each, ...refusedOf(refused, at, number) }));
  };
  const go = (to: number) => change((before) => ({ ...before, step: to }));
  const set = (next: Draft, at: number) => {
    setRefused((before) => before.filter((each) => each.step !== at));
    dismiss();
    change((before) => ({ ...before, draft: next }));
  };
  const setStage = (index: number, stage: StageDraft) =>
    set({ ...draft, stages: draft.stages.map((each, at) => (at === index ? stage : each)) }, index + 1);
  const next = (to: number) => {
    if (to > step && faults(step).some((each) => Object.keys(each).length > 0)) return setTried((before) => [...before, step]);
    go(to);
  };
  const skip = () => {
    const index = step - 1;
    setStage(index, { ...draft.stages[index], skipped: true });
    go(step + 1);
  };
  const create = async () => {
    const wrong = Array.from({ length: last }, (_, at) => at).find((at) =>
      faults(at).some((each) => Object.keys(each).length > 0),
    );
    if (wrong !== undefined) {
      setTried((before) => [...before, wrong]);
      return go(wrong);
    }
    setRefused([]);
    const problem = await run(plan);
    if (problem) {
      const places = refusedAt(problem, draft, plan.declaration);
      setRefused(places);
      return go(places[0]?.step ?? last);
    }
    forget();
    tell("success", `The pipeline ${draft.name} was made and has begun its first execution.`);
    navigate(`/pipelines/${draft.name}`);
  };
  const leave = () => {
    forget();
    navigate("/pipelines");
  };
  const safe = useMemo(
    () => planOf(withoutSecrets(draft, kinds, "WRITE-THE-SECRET-HERE"), place, known),
    [draft, kinds, place, known],
  );
  const above = <Above held={held} ids={plan.steps.map((each) => each.id)} recalled={recalled} onRestart={onRestart} />;
  const steps: WizardProps.Step[] = [
    {
      title: "Choose pipeline settings",
      content: (
        <Framed above={above}>
          <SettingsStep
            draft={draft}
            place={place}
            set={(part) => set({ ...draft, ...part }, 0)}
            errors={shown(0)[0]}
            buckets={known}
          />
        </Framed>
      ),
    },
    ...draft.stages.map((each, index) => ({
      title: draft.cloned ? `Stage ${each.stage.name}` : `Add ${each.stage.name.toLowerCase()} stage`,
      isOptional: each.optional,
      content: (
        <Framed above={above}>
          <StageStep
            draft={draft}
            place={place}
            index={index}
            set={(stage) => setStage(index, stage)}
            errors={shown(index + 1)}
            error={refused
              .filter((one) => one.step === index + 1 && !atField(one))
              .map((one) => one.message)
              .join(" ")}
            kinds={kinds}
          />
        </Framed>
      ),
    })),
    {
      title: "Review",
      content: (
        <Framed above={above}>
          <ReviewStep
            draft={draft}
            plan={plan}
            shown={safe}
            made={made}
            done={done}
            busy={busy}
            failed={failed}
            kinds={kinds}
            edit={go}
          />
        </Framed>
      ),
    },
  ];
  const stage = step > 0 && step < last ? draft.stages[step - 1] : undefined;
  return (
    <>
      <Wizard
        steps={steps}
        activeStepIndex={Math.min(step, last)}
        i18nStrings={{
          stepNumberLabel: (number) => `Step ${number}`,
          collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`,
          navigationAriaLabel: "Steps",
          cancelButton: "Cancel",
          previousButton: "Previous",
          nextButton: "Next",
          submitButton: "Create pipeline",
          optional: "optional",
        }}
        onNavigate={({ detail }) => next(detail.requestedStepIndex)}
        onCancel={() => setLeaving(true)}
        onSubmit={() => void create()}
        customPrimaryActions={
          step === last ? (
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={() => setLeaving(true)}>
                Cancel
              </Button>
              <Button onClick={() => go(step - 1)}>Previous</Button>
              <Permitted
                variant="primary"
                loading={busy !== undefined}
                loadingText="Creating"
                onClick={() => void create()}
                asks={plan.steps.map(({ service, operation, params }) => ({ service, operation, params }))}
              >
                Create pipeline
              </Permitted>
            </SpaceBetween>
          ) : undefined
        }
        secondaryActions={
          <SpaceBetween direction="horizontal" size="xs">
            {stage?.optional && !stage.skipped && (
              <Button
                onClick={skip}
                disabled={!skippable(draft, step - 1)}
                disabledReason="Add a build or a test stage first: a pipeline does something after its source."
              >
                {`Skip ${stage.stage.name.toLowerCase()} stage`}
              </Button>
            )}
            {step !== last && <Button onClick={() => setCode(true)}>View as code</Button>}
          </SpaceBetween>
        }
      />
      {code && (
        <Modal visible size="large" header="The pipeline as code" closeAriaLabel="Close" onDismiss={() => setCode(false)}>
          <AsCode plan={safe} />
        </Modal>
      )}
      {leaving && <Leaving made={Object.values(made)} onLeave={leave} onStay={() => setLeaving(false)} />}
    </>
  );
}

function refusedOf(refused: Refused[], step: number, action: number): Errors {
  const mine = refused.filter((each) => each.step === step && (each.action ?? (step === 0 ? 0 : -1)) === action && atField(each));
  return Object.fromEntries(mine.map((each) => [each.path, each.message]));
}

/** The first field that is wrong gets the focus, so that nobody has to look for it. */
function useFocusOnError(tried: number[], failed: Failed | undefined) {
  useEffect(() => {
    if (tried.length === 0 && !failed) return;
    const timer = setTimeout(() => document.querySelector<HTMLElement>('main [aria-invalid="true"], main .failed')?.focus(), 50);
    return () => clearTimeout(timer);
  }, [tried, failed]);
}

function Framed({ above, children }: { above: ReactNode; children: ReactNode }) {
  return (
    <SpaceBetween size="l">
      {above}
      {children}
    </SpaceBetween>
  );
}
