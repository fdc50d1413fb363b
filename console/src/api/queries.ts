/** Operations as queries: kept, shared between parts of a page, and asked again when news arrive. */

import { type UseQueryResult, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ApiError, type Input, type Operation, type Output, type Service, call } from "./client";

export interface Options {
  /** Ask only when true. */
  enabled?: boolean;
  /** Ask again after so many milliseconds; the safety net behind the news. */
  every?: number | false;
}

/** The answer of an operation. The key begins with [service, operation], so that it can be made to be asked again. */
export function useCall<S extends Service, O extends Operation<S>>(
  service: S,
  operation: O,
  params: Input<S, O>,
  { enabled = true, every = false }: Options = {},
): UseQueryResult<Output<S, O>, ApiError> {
  return useQuery<Output<S, O>, ApiError>({
    queryKey: [service, operation, params],
    queryFn: ({ signal }) => call(service, operation, params, signal),
    enabled,
    refetchInterval: every,
  });
}

type Pick<S extends Service, O extends Operation<S>, T> = (page: Output<S, O>) => [T[] | undefined, string | undefined];

/**
 * The question for all pages of a listing, up to `most` of them, as one array. `pick` takes the items and the next token of a page; what
 * is kept are the pages themselves, so that two places may pick differently from one listing.
 */
export function listing<S extends Service, O extends Operation<S>, T>(
  service: S,
  operation: O,
  params: Input<S, O>,
  pick: Pick<S, O, T>,
  { most = 50, token = "nextToken" }: { most?: number; token?: string } = {},
) {
  return queryOptions<Output<S, O>[], ApiError, T[]>({
    queryKey: [service, operation, params, "all", most],
    queryFn: async ({ signal }) => {
      const pages: Output<S, O>[] = [];
      let next: string | undefined;
      do {
        const given = next === undefined ? params : { ...(params as object), [token]: next };
        const page = await call(service, operation, given as Input<S, O>, signal);
        pages.push(page);
        next = pick(page)[1];
      } while (next && pages.length < most);
      return pages;
    },
    select: (pages) => pages.flatMap((page) => pick(page)[0] ?? []),
  });
}

/** All pages of a listing, as one array. */
export function useListing<S extends Service, O extends Operation<S>, T>(
  service: S,
  operation: O,
  params: Input<S, O>,
  pick: Pick<S, O, T>,
  { enabled = true, every = false, ...rest }: Options & { most?: number; token?: string } = {},
): UseQueryResult<T[], ApiError> {
  return useQuery({ ...listing(service, operation, params, pick, rest), enabled, refetchInterval: every });
}

/** A listing page by page: more is asked for when wanted. `token` is how a request names the next page, `next` how an answer does. */
export function usePages<S extends Service, O extends Operation<S>>(
  service: S,
  operation: O,
  params: Input<S, O>,
  { enabled = true, token = "nextToken", next = token }: Options & { token?: string; next?: string } = {},
) {
  return useInfiniteQuery({
    queryKey: [service, operation, params, "pages"],
    queryFn: ({ pageParam, signal }) =>
      call(service, operation, (pageParam ? { ...(params as object), [token]: pageParam } : params) as Input<S, O>, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page as Record<string, unknown>)[next] as string | undefined,
    enabled,
  });
}

/** An operation that changes something. Afterwards everything that is on the screen of `touches` (services) is asked again. */
export function useAction<S extends Service, O extends Operation<S>>(service: S, operation: O, touches: Service[] = [service]) {
  const client = useQueryClient();
  return useMutation<Output<S, O>, ApiError, Input<S, O>>({
    mutationFn: (params) => call(service, operation, params),
    onSettled: () => Promise.all(touches.map((each) => client.invalidateQueries({ queryKey: [each] }))),
  });
}
