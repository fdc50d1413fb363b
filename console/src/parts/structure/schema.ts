/** The shape of a pipeline declaration (botocore's PipelineDeclaration): what members there are, of which type and size. */

export type Path = readonly (string | number)[];

export interface Problem {
  path: Path;
  message: string;
  /** True when the document cannot be shown as a pipeline until this is put right. */
  broken?: boolean;
}

interface Text {
  is: "text";
  most: number;
  least?: number;
  pattern?: RegExp;
  /** What the pattern means, in words. */
  says?: string;
  one?: readonly string[];
}
interface Whole {
  is: "number";
  least: number;
  most: number;
}
interface List {
  is: "list";
  of: Shape;
  most?: number;
}
interface Entries {
  is: "map";
  of: Shape;
  key: Text;
}
interface Members {
  is: "object";
  members: Record<string, Shape>;
  needs: readonly string[];
}
export type Shape = Text | Whole | List | Entries | Members;

const text = (most: number, least = 1): Text => ({ is: "text", most, least });
const one = (...choices: string[]): Text => ({ is: "text", most: 100, one: choices });
const named = (pattern: RegExp, says: string, most: number): Text => ({ is: "text", most, least: 1, pattern, says });
const list = (of: Shape, most?: number): List => ({ is: "list", of, most });
const object = (needs: string, members: Record<string, Shape>): Members => ({
  is: "object",
  members,
  needs: needs ? needs.split(" ") : [],
});
const map = (key: Text, of: Shape): Entries => ({ is: "map", key, of });

/** Names of pipelines, stages, actions and rules. */
export const NAME = named(/^[A-Za-z0-9.@\-_]+$/, "letters, digits and . @ - _", 100);
export const ARTIFACT = named(/^[a-zA-Z0-9_-]+$/, "letters, digits, - and _", 100);
export const VARIABLE = named(/^[A-Za-z0-9@\-_]+$/, "letters, digits and @ - _", 128);
const ROLE = named(/^arn:aws(-[\w]+)*:iam::[0-9]{12}:role\/.+$/, "the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME", 1024);
const NAMESPACE = { ...VARIABLE, most: 100 };
const TYPE_WORD = named(/^[0-9A-Za-z_-]+$/, "letters, digits, - and _", 35);
const MINUTES: Whole = { is: "number", least: 5, most: 86_400 };
const REGION = { ...text(30), least: 4 };

const STORE = object("type location", {
  type: one("S3"),
  location: { ...named(/^[a-zA-Z0-9\-.]+$/, "the name of a bucket", 63), least: 3 },
  encryptionKey: object("id type", { id: text(400), type: one("KMS") }),
});
const INPUTS = list(object("name", { name: ARTIFACT }));

export const ACTION = object("name actionTypeId", {
  name: NAME,
  actionTypeId: object("category owner provider version", {
    category: one("Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute"),
    owner: one("AWS", "ThirdParty", "Custom"),
    provider: TYPE_WORD,
    version: { ...TYPE_WORD, most: 9 },
  }),
  runOrder: { is: "number", least: 1, most: 999 },
  configuration: map(text(50), text(1000)),
  commands: list(text(1000), 50),
  outputArtifacts: list(object("name", { name: ARTIFACT, files: list(text(128), 10) })),
  inputArtifacts: INPUTS,
  outputVariables: list(text(128), 15),
  roleArn: ROLE,
  region: REGION,
  namespace: NAMESPACE,
  timeoutInMinutes: MINUTES,
  environmentVariables: list(
    object("name value", {
      name: named(/^[A-Za-z0-9_]+$/, "letters, digits and _", 128),
      value: text(2000),
      type: one("PLAINTEXT", "SECRETS_MANAGER"),
    }),
    10,
  ),
});

export const RULE = object("name ruleTypeId", {
  name: NAME,
  ruleTypeId: object("category provider", { category: one("Rule"), owner: one("AWS"), provider: TYPE_WORD, version: TYPE_WORD }),
  configuration: map(text(50), text(10_000)),
  commands: list(text(1000), 50),
  inputArtifacts: INPUTS,
  roleArn: ROLE,
  region: REGION,
  timeoutInMinutes: MINUTES,
});

const CONDITION = object("", { result: one("ROLLBACK", "FAIL", "RETRY", "SKIP"), rules: list(RULE) });
const PATTERNS = object("", { includes: list(text(255), 8), excludes: list(text(255), 8) });

export const PIPELINE = object("name roleArn stages", {
  name: NAME,
  roleArn: ROLE,
  pipelineType: one("V1", "V2"),
  executionMode: one("SUPERSEDED", "QUEUED", "PARALLEL"),
  artifactStore: STORE,
  artifactStores: map(REGION, STORE),
  variables: list(object("name", { name: VARIABLE, defaultValue: text(1000), description: text(200, 0) }), 50),
  triggers: list(
    object("providerType gitConfiguration", {
      providerType: one("CodeStarSourceConnection"),
      gitConfiguration: object("sourceActionName", {
        sourceActionName: NAME,
        push: list(object("", { tags: PATTERNS, branches: PATTERNS, filePaths: PATTERNS }), 3),
        pullRequest: list(
          object("", { events: list(one("OPEN", "UPDATED", "CLOSED"), 3), branches: PATTERNS, filePaths: PATTERNS }),
          3,
        ),
      }),
    }),
    50,
  ),
  stages: list(
    object("name actions", {
      name: NAME,
      beforeEntry: object("conditions", { conditions: list(CONDITION) }),
      actions: list(ACTION),
      onSuccess: object("conditions", { conditions: list(CONDITION) }),
      onFailure: object("", {
        result: one("ROLLBACK", "RETRY", "FAIL", "SKIP"),
        retryConfiguration: object("", { retryMode: one("FAILED_ACTIONS", "ALL_ACTIONS") }),
        conditions: list(CONDITION),
      }),
      blockers: list(object("name type", { name: text(100), type: one("Schedule") })),
    }),
  ),
  version: { is: "number", least: 1, most: 1_000_000_000 },
});

/** Everything in which a value does not have its shape. */
export function shapeProblems(value: unknown, shape: Shape = PIPELINE, path: Path = []): Problem[] {
  const broken = (message: string): Problem[] => [{ path, message, broken: true }];
  switch (shape.is) {
    case "text":
      return typeof value === "string" ? textProblems(value, shape, path) : broken("This has to be a text in quotes.");
    case "number":
      if (typeof value !== "number" || !Number.isInteger(value)) return broken("This has to be a whole number.");
      return value < shape.least || value > shape.most
        ? [{ path, message: `This has to be between ${shape.least} and ${shape.most}.` }]
        : [];
    case "list": {
      if (!Array.isArray(value)) return broken("This has to be a list: [ … ].");
      const many = shape.most !== undefined && value.length > shape.most;
      const found = value.flatMap((each, index) => shapeProblems(each, shape.of, [...path, index]));
      return many ? [{ path, message: `There can be ${shape.most} of these at most.` }, ...found] : found;
    }
    case "map":
      if (!plain(value)) return broken("This has to be an object of texts: { … }.");
      return Object.entries(value).flatMap(([key, each]) => [
        ...textProblems(key, shape.key, [...path, key]),
        ...shapeProblems(each, shape.of, [...path, key]),
      ]);
    case "object":
      if (!plain(value)) return broken("This has to be an object: { … }.");
      return [
        ...shape.needs
          .filter((each) => !(each in value))
          .map((each) => ({ path, message: `The member "${each}" is missing.`, broken: true })),
        ...Object.entries(value).flatMap(([name, each]) =>
          Object.hasOwn(shape.members, name)
            ? shapeProblems(each, shape.members[name], [...path, name])
            : [{ path: [...path, name], message: `There is no member "${name}" here.` }],
        ),
      ];
  }
}

function textProblems(value: string, shape: Text, path: Path): Problem[] {
  if (shape.one) return shape.one.includes(value) ? [] : [{ path, message: `This has to be one of ${shape.one.join(", ")}.` }];
  if (value.length < (shape.least ?? 0)) {
    return [{ path, message: value ? `This needs ${shape.least} characters at least.` : "This must not be empty." }];
  }
  if (value.length > shape.most) return [{ path, message: `This can have ${shape.most} characters; it has ${value.length}.` }];
  return shape.pattern && !shape.pattern.test(value) ? [{ path, message: `This has to be ${shape.says}.` }] : [];
}

/** What is wrong with one text by itself, for form fields; empty when nothing is. */
export function textProblem(value: string, shape: Shape): string {
  return shapeProblems(value, shape)[0]?.message ?? "";
}

function plain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
