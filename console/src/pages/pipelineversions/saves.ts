/** Who saved which version of a pipeline, and when, as far as the audit trail tells. */

import { useQuery } from "@tanstack/react-query";

import { type ApiError, call } from "../../api/client";
import type { Event, LookupEventsRequest } from "../../api/models/cloudtrail";

export interface Save {
  who: string;
  at: number;
}

const PAGES = 20;

interface Pipeline {
  arn: string;
  created: number;
  updated: number;
}

/** By version. The trail is asked for the operations, not for the pipeline: reads of a pipeline are far more than changes. */
export function useSaves(pipeline: Pipeline | undefined) {
  return useQuery<Map<number, Save>, ApiError>({
    queryKey: ["cloudtrail", "saves", pipeline],
    enabled: pipeline !== undefined,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const { arn, created, updated } = pipeline as Pipeline;
      const [from, to] = [Math.floor(created) - 1, Math.ceil(updated) + 1];
      const found = await Promise.all([
        lookUp("CreatePipeline", from, Math.ceil(created) + 1, signal),
        lookUp("UpdatePipeline", from, to, signal),
      ]);
      return new Map(found.flat().flatMap((event) => saveOf(event, arn)));
    },
  });
}

async function lookUp(name: string, from: number, to: number, signal: AbortSignal): Promise<Event[]> {
  const asked: LookupEventsRequest = {
    LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: name }],
    StartTime: from,
    EndTime: to,
  };
  const found: Event[] = [];
  let token: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await call("cloudtrail", "LookupEvents", token ? { ...asked, NextToken: token } : asked, signal);
    found.push(...(answer.Events ?? []));
    token = answer.NextToken;
    if (!token) break;
  }
  return found;
}

function saveOf(event: Event, arn: string): [number, Save][] {
  if (!event.Resources?.some((each) => each.ResourceName === arn)) return [];
  let told: { errorCode?: string; responseElements?: { pipeline?: { version?: number } } };
  try {
    told = JSON.parse(event.CloudTrailEvent ?? "{}");
  } catch {
    return [];
  }
  const version = told.responseElements?.pipeline?.version;
  if (told.errorCode || version === undefined || event.EventTime === undefined) return [];
  return [[version, { who: event.Username ?? "somebody", at: event.EventTime }]];
}
