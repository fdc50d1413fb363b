/** Links made of data from elsewhere. */

/** The address if it leads to a web page, else undefined: whatever else it may be (`javascript:` …) is no link. */
export function outside(url: string | undefined): string | undefined {
  if (!url || !/^https?:\/\//i.test(url)) return undefined;
  try {
    return new URL(url).href;
  } catch {
    return undefined;
  }
}
