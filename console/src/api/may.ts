/** Whether the person may do what a page offers, so that what is not allowed is disabled with the reason. */

import { useQuery } from "@tanstack/react-query";

import { type Input, type Operation, type Service, request } from "./client";

export interface Question {
  service: Service;
  operation: string;
  params: object;
}

/** A question about an operation as it would be called. */
export function may<S extends Service, O extends Operation<S>>(service: S, operation: O, params: Input<S, O>): Question {
  return { service, operation, params: params as object };
}

/** One reason a question why it is not allowed; empty where it is (and while that is not known yet). */
export function useMay(questions: Question[]): string[] {
  const found = useQuery({
    queryKey: ["may", questions],
    queryFn: ({ signal }) => request<{ reasons: string[] }>("POST", "/may", { questions }, signal),
    enabled: questions.length > 0,
    staleTime: 60_000,
  });
  return questions.map((_, index) => found.data?.reasons[index] ?? "");
}

/** Whether something is allowed; undefined while that is not known. For what is read only where it may be. */
export function useAllowed(question: Question, enabled = true): boolean | undefined {
  const questions = [question];
  const found = useQuery({
    queryKey: ["may", questions],
    queryFn: ({ signal }) => request<{ reasons: string[] }>("POST", "/may", { questions }, signal),
    enabled,
    staleTime: 60_000,
  });
  return found.data && !found.data.reasons[0];
}
