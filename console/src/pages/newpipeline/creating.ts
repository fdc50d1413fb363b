/** Carrying out a plan: what was made is remembered, so that it goes on from where it failed. */

import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";

import { ApiError, type Input, type Operation, type Service, call } from "../../api/client";
import type { Held } from "./kept";
import type { Plan, Step } from "./plan";

/** Answers that say that what was asked for is there already. */
const THERE = ["EntityAlreadyExists", "ResourceAlreadyExists", "BucketAlreadyOwnedByYou", "PipelineNameInUse"];

export interface Failed {
  step: Step;
  error: ApiError;
}

export function useCreating(current: RefObject<Held>, change: (how: (before: Held) => Held) => void) {
  const client = useQueryClient();
  const [busy, setBusy] = useState<string>();
  const [failed, setFailed] = useState<Failed>();
  const [done, setDone] = useState<string[]>([]);
  /** Do what is left of a plan; what failed, if something did. */
  const run = async (plan: Plan): Promise<Failed | undefined> => {
    setFailed(undefined);
    setDone([]);
    try {
      for (const step of plan.steps) {
        if (step.makes && current.current.made[step.id]) continue;
        setBusy(step.id);
        const error = await attempt(step);
        if (error) {
          setFailed({ step, error });
          return { step, error };
        }
        setDone((before) => [...before, step.id]);
      }
      return undefined;
    } finally {
      setBusy(undefined);
      void client.invalidateQueries();
    }
  };
  const attempt = async (step: Step): Promise<ApiError | undefined> => {
    // If the answer to the last attempt never came, what is there is what that attempt made.
    const unsure = current.current.begun.includes(step.id);
    if (step.makes && !unsure) change((before) => ({ ...before, begun: [...before.begun, step.id] }));
    try {
      await call(step.service, step.operation as Operation<Service>, step.params as Input<Service, Operation<Service>>);
    } catch (problem) {
      const error = problem instanceof ApiError ? problem : new ApiError("Error", String(problem), 0);
      const there = step.makes && unsure && THERE.some((code) => error.code.startsWith(code));
      if (!there) {
        if (error.status !== 0) change((before) => ({ ...before, begun: before.begun.filter((each) => each !== step.id) }));
        return error;
      }
    }
    change((before) => ({
      ...before,
      begun: before.begun.filter((each) => each !== step.id),
      made: step.makes ? { ...before.made, [step.id]: step.what } : before.made,
    }));
    return undefined;
  };
  return { run, busy, failed, done, dismiss: () => setFailed(undefined) };
}
