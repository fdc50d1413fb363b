/** Versions of a pipeline. A version never changes, so it is read once. */

import { useQueries } from "@tanstack/react-query";

import { type ApiError, call } from "../../api/client";
import type { PipelineDeclaration } from "../../api/models/codepipeline";

/** Declarations by version. `created` tells this pipeline from one of the same name that was deleted. */
export function useVersions(name: string, created: number | undefined, wanted: number[]) {
  const found = useQueries({
    queries: wanted.map((version) => ({
      queryKey: ["pipeline version", name, created, version],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await call("codepipeline", "GetPipeline", { name, version }, signal)).pipeline as PipelineDeclaration,
      enabled: created !== undefined,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const known = new Map(found.flatMap((each, index) => (each.data ? [[wanted[index] as number, each.data] as const] : [])));
  return { known, error: (found.find((each) => each.error)?.error ?? null) as ApiError | null };
}
