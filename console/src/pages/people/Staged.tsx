/** A dialog whose work takes several operations: shows how far it came, and goes on from there when one has failed. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";

import { ApiError, type Service } from "../../api/client";

/** One operation; `key` tells it from the others when the work is gone on with. */
export interface Step {
  key: string;
  what: string;
  run: () => Promise<unknown>;
}

interface Props {
  title: string;
  verb: string;
  steps: Step[];
  onDone: () => void;
  /** What the form shows; it is told which steps have been done. */
  children?: (done: ReadonlySet<string>) => ReactNode;
  /** What is shown when all is done, instead of closing. */
  after?: ReactNode;
  /** Called when all is done. */
  onFinished?: () => void;
  typed?: string;
  disabled?: boolean;
  /** Show what will be done before it is begun. */
  planned?: boolean;
  size?: "small" | "medium" | "large";
  touches?: Service;
}

export function Staged(props: Props) {
  const { title, verb, steps, onDone, children, after, typed, disabled, planned, touches = "iam" } = props;
  const client = useQueryClient();
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [running, setRunning] = useState("");
  const [failed, setFailed] = useState<{ step: string; error: ApiError }>();
  const [finished, setFinished] = useState(false);
  const [word, setWord] = useState("");
  const ready = !disabled && !running && (typed === undefined || word === typed);
  const go = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    setFailed(undefined);
    const reached = new Set(done);
    for (const step of steps.filter((each) => !reached.has(each.key))) {
      setRunning(step.key);
      try {
        await step.run();
      } catch (error) {
        setFailed({ step: step.key, error: error as ApiError });
        setRunning("");
        void client.invalidateQueries({ queryKey: [touches] });
        return;
      }
      reached.add(step.key);
      setDone(new Set(reached));
    }
    setRunning("");
    // What was deleted must not be asked for again by the page behind: whoever shows it leaves first.
    props.onFinished?.();
    void client.invalidateQueries({ queryKey: [touches] });
    if (after) setFinished(true);
    else onDone();
  };
  const begun = done.size > 0 || running || failed;
  const buttons = finished ? (
    <Button variant="primary" onClick={onDone}>
      Done
    </Button>
  ) : (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="link" onClick={onDone}>
        {begun ? "Close" : "Cancel"}
      </Button>
      <Button variant="primary" disabled={!ready && !running} loading={Boolean(running)} onClick={() => void go()}>
        {failed && done.size > 0 ? "Go on" : verb}
      </Button>
    </SpaceBetween>
  );
  return (
    <Modal visible size={props.size} header={title} closeAriaLabel="Close" onDismiss={onDone} footer={<Box float="right">{buttons}</Box>}>
      {finished ? (
        after
      ) : (
        <form onSubmit={go}>
          <SpaceBetween size="m">
            {failed && <Fault {...failed} steps={steps} done={done} />}
            {children?.(done)}
            {(begun || planned) && <Progress steps={steps} done={done} running={running} failed={failed?.step} />}
            {typed !== undefined && (
              <FormField label={`To confirm, type ${typed}`}>
                <Input value={word} onChange={(event) => setWord(event.detail.value)} placeholder={typed} autoComplete={false} />
              </FormField>
            )}
          </SpaceBetween>
        </form>
      )}
    </Modal>
  );
}

function Fault({ step, error, steps, done }: { step: string; error: ApiError; steps: Step[]; done: ReadonlySet<string> }) {
  const what = steps.find((each) => each.key === step)?.what ?? step;
  const before = steps.filter((each) => done.has(each.key)).length;
  return (
    <Alert type="error" header={`Failed: ${what}`}>
      {error.name}: {error.message}
      {before > 0 && (
        <Box variant="p" color="inherit">
          {before} of {steps.length} steps were done and stay done. Mend the reason and go on, or close this.
        </Box>
      )}
    </Alert>
  );
}

interface ProgressProps {
  steps: Step[];
  done: ReadonlySet<string>;
  running: string;
  failed: string | undefined;
}

function Progress({ steps, done, running, failed }: ProgressProps) {
  const state = (key: string) =>
    done.has(key) ? "success" : key === running ? "in-progress" : key === failed ? "error" : "pending";
  return (
    <ol className="staged" aria-label="Steps">
      {steps.map((step) => (
        <li key={step.key}>
          <StatusIndicator type={state(step.key)}>{step.what}</StatusIndicator>
        </li>
      ))}
    </ol>
  );
}
