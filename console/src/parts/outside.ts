/** Links made of data from elsewhere. */

const e = encodeURIComponent;

/** The address if it leads to a web page, else undefined: whatever else it may be (`javascript:` …) is no link. */
export function outside(url: string | undefined): string | undefined {
  if (!url || !/^https?:\/\//i.test(url)) return undefined;
  try {
    return new URL(url).href;
  } catch {
    return undefined;
  }
}

const OURS: [RegExp, (...parts: string[]) => string][] = [
  [/^\/console\/codecommit\/repositories\/([^/]+)\/commit\/([^/]+)$/, (name, id) => `/repositories/${e(name)}/commits/${e(id)}`],
  [/^\/console\/s3\/buckets\/([^/]+)$/, (name) => `/buckets/${e(name)}`],
  [/^\/console\/codepipeline\/pipelines\/([^/]+)$/, (name) => `/pipelines/${e(name)}`],
];

/** The page of this console that an address from the server's own providers means, as the router has it. */
export function inside(url: string | undefined): string | undefined {
  const safe = outside(url);
  if (!safe) return undefined;
  const path = new URL(safe).pathname;
  for (const [pattern, page] of OURS) {
    const found = pattern.exec(path);
    if (found) return page(...found.slice(1).map(decoded));
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
