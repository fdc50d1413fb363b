/** Takes turns: of many questions that a page has, a few are asked at a time, so that what somebody clicks on is not behind them all. */

const ABREAST = 5;

let busy = 0;
const queue: (() => void)[] = [];

/** Do `work` when it is its turn; not at all when `signal` says that nobody wants it any more. */
export async function inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  if (busy >= ABREAST) await new Promise<void>((resolve) => queue.push(resolve));
  else busy += 1;
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    const next = queue.shift();
    if (next) next();
    else busy -= 1;
  }
}
