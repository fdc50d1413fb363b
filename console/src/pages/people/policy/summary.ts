/** Statements of policies in plain words. */

const SERVICES: Record<string, string> = {
  cloudtrail: "the audit trail",
  codebuild: "CodeBuild",
  codecommit: "CodeCommit",
  codepipeline: "CodePipeline",
  iam: "IAM",
  logs: "logs",
  s3: "S3",
  secretsmanager: "Secrets Manager",
  ssm: "Systems Manager",
  sts: "STS",
};
const OPERATORS: [RegExp, string][] = [
  [/^(String|Arn|Numeric|Date|Binary)(Equals|Like)(IgnoreCase)?$/, "is"],
  [/^(String|Arn|Numeric|Date)Not(Equals|Like)(IgnoreCase)?$/, "is not"],
  [/^(Numeric|Date)LessThan$/, "is less than"],
  [/^(Numeric|Date)LessThanEquals$/, "is at most"],
  [/^(Numeric|Date)GreaterThan$/, "is more than"],
  [/^(Numeric|Date)GreaterThanEquals$/, "is at least"],
  [/^IpAddress$/, "is within"],
  [/^NotIpAddress$/, "is not within"],
  [/^Bool$/, "is"],
];
const MANY = 6;

/** One sentence about a statement. */
export function inWords(statement: Record<string, unknown>): string {
  const verb = statement.Effect === "Deny" ? "Denies" : "Allows";
  const parts = [verb, who(statement), what(statement), on(statement), conditions(statement.Condition)];
  return `${parts.filter((each) => each).join(" ")}.`;
}

function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
}

function joined(all: string[], join = "and"): string {
  const shown = all.length > MANY ? [...all.slice(0, MANY - 1), `${all.length - MANY + 1} more`] : all;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} ${join} ${shown.at(-1)}`;
}

function what(statement: Record<string, unknown>): string {
  if (statement.NotAction !== undefined) return `everything except ${actions(list(statement.NotAction))}`;
  return actions(list(statement.Action));
}

function actions(all: string[]): string {
  if (all.includes("*")) return "everything";
  const services = new Map<string, string[]>();
  for (const each of all) {
    const [service, name = "*"] = each.split(":");
    services.set(service, [...(services.get(service) ?? []), name]);
  }
  const groups = [...services].map(([service, names]) => {
    const called = SERVICES[service] ?? service;
    if (names.includes("*")) return `everything in ${called}`;
    return `${joined(names.map((name) => name.replaceAll("*", "…")))} (${called})`;
  });
  return joined(groups);
}

function on(statement: Record<string, unknown>): string {
  if (statement.NotResource !== undefined) return `on everything except ${joined(list(statement.NotResource).map(resource))}`;
  const all = list(statement.Resource);
  if (all.length === 0) return "";
  return all.includes("*") ? "on everything" : `on ${joined(all.map(resource))}`;
}

/** An ARN by what tells it from others. */
function resource(arn: string): string {
  const parts = arn.split(":");
  if (parts.length < 6) return arn;
  const [service, name] = [parts[2], parts.slice(5).join(":")];
  if (service === "codepipeline") {
    const steps = name.split("/");
    if (steps.length === 3) return `action ${steps[2]} of stage ${steps[1]} in pipeline ${steps[0]}`;
    return steps.length === 2 ? `stage ${steps[1]} of pipeline ${steps[0]}` : `pipeline ${name}`;
  }
  if (service === "s3") return name.includes("/") ? `objects ${name}` : `bucket ${name}`;
  return name === "*" ? `everything of ${SERVICES[service] ?? service}` : name;
}

function who(statement: Record<string, unknown>): string {
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (principal === undefined) return "";
  const except = statement.NotPrincipal === undefined ? "" : "everybody except ";
  if (principal === "*") return `${except}everybody`;
  const found = Object.entries(principal as Record<string, unknown>).flatMap(([kind, values]) =>
    list(values).map((value) => principalWord(kind, value)),
  );
  return except + joined(found);
}

function principalWord(kind: string, value: string): string {
  if (value === "*") return "everybody";
  if (kind === "Service") return `the service ${value.replace(".amazonaws.com", "")}`;
  if (/^\d{12}$/.test(value) || value.endsWith(":root")) return `account ${value.match(/\d{12}/)?.[0] ?? value} (whom its policies allow it)`;
  return value.split(":").slice(5).join(":").replace("/", " ") || value;
}

function conditions(condition: unknown): string {
  if (!condition || typeof condition !== "object") return "";
  const found = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as Record<string, unknown>).map(([key, values]) => test(operator, key, list(values))),
  );
  return found.length ? `if ${joined(found)}` : "";
}

function test(operator: string, key: string, values: string[]): string {
  const bare = operator.replace(/^ForA(ny|ll)Values:/, "").replace(/IfExists$/, "");
  if (bare === "Null") return values[0] === "true" ? `${key} is not there` : `${key} is there`;
  const word = OPERATORS.find(([pattern]) => pattern.test(bare))?.[1] ?? bare;
  const absent = operator.endsWith("IfExists") ? " (or is not there)" : "";
  return `${key} ${word} ${joined(values, "or")}${absent}`;
}
