/** What the wizard holds: a pipeline that is not there yet, and what has to be made for it. Pure. */

import type {
  ActionCategory,
  ActionDeclaration,
  FailureConditions,
  PipelineDeclaration,
  PipelineVariableDeclaration,
  StageDeclaration,
} from "../../api/models/codepipeline";

/** A build project that is made with the pipeline. */
export interface NewProject {
  name: string;
  /** Of a file in the source, or the commands themselves as YAML. */
  buildspec: { kind: "file"; path: string } | { kind: "inline"; text: string };
  image: string;
  computeType: string;
  /** Empty: a new role is made. */
  roleArn: string;
}

/** What happens when a stage fails. */
export type OnFailure = "none" | "retry-failed" | "retry-all" | "rollback" | "kept";

export interface StageDraft {
  stage: StageDeclaration;
  /** Whether it may be skipped, and whether it is. */
  optional: boolean;
  skipped: boolean;
  /** Which providers are offered; all that fit the place without. */
  categories?: ActionCategory[];
  /** By the index of the action: a project that is made for it. */
  projects: Record<number, NewProject>;
}

export interface Draft {
  name: string;
  type: "V1" | "V2";
  mode: "SUPERSEDED" | "QUEUED" | "PARALLEL";
  /** `name` is empty until somebody types another than the one that is made of the pipeline's. */
  role: { kind: "new" | "existing"; name: string; arn: string };
  store: { kind: "default" | "custom"; bucket: string; digits: string };
  key: string;
  variables: PipelineVariableDeclaration[];
  stages: StageDraft[];
  /** The pipeline that it was made from, and what of it the wizard does not show. */
  cloned?: string;
  rest?: Partial<PipelineDeclaration>;
}

/** Where the draft stands in the world. */
export interface Place {
  account: string;
  region: string;
}

const NONE = { category: "Build", owner: "AWS", provider: "", version: "1" } as const;

/** A new draft. `digits` are twelve random ones, for the name of a bucket. */
export function fresh(digits: string): Draft {
  const stage = (name: string, optional: boolean, categories: ActionCategory[]): StageDraft => ({
    stage: { name, actions: [{ ...named(name), actionTypeId: { ...NONE, category: categories[0] } }] },
    optional,
    skipped: false,
    categories,
    projects: {},
  });
  return {
    name: "",
    type: "V2",
    mode: "SUPERSEDED",
    role: { kind: "new", name: "", arn: "" },
    store: { kind: "default", bucket: "", digits },
    key: "",
    variables: [],
    stages: [
      stage("Source", false, ["Source"]),
      stage("Build", true, ["Build", "Compute"]),
      stage("Test", true, ["Test", "Compute"]),
      stage("Deploy", true, ["Deploy", "Invoke"]),
    ],
  };
}

/** The action of a stage before its provider is known. */
function named(name: string): Omit<ActionDeclaration, "actionTypeId"> {
  return { name, runOrder: 1, configuration: {}, inputArtifacts: [], outputArtifacts: [], namespace: `${name}Variables` };
}

/** A draft of a pipeline like another one. */
export function clone(pipeline: PipelineDeclaration, digits: string): Draft {
  const { name, roleArn, artifactStore, stages, pipelineType, executionMode, variables, version: _, ...rest } = pipeline;
  return {
    ...fresh(digits),
    name: `${name}-copy`.slice(0, 100),
    type: pipelineType ?? "V1",
    mode: executionMode ?? "SUPERSEDED",
    role: { kind: "existing", name: "", arn: roleArn },
    store: { kind: "custom", bucket: artifactStore?.location ?? "", digits },
    key: artifactStore?.encryptionKey?.id ?? "",
    variables: variables ?? [],
    stages: stages.map((stage) => ({ stage, optional: false, skipped: false, projects: {} })),
    cloned: name,
    rest,
  };
}

/** What a stage of the wizard begins with once its provider is chosen: names that later stages count on. */
export function settled(action: ActionDeclaration, stage: string, most: number): ActionDeclaration {
  const makes = most > 0 && stage !== "Test" ? [{ name: `${stage}Artifact` }] : [];
  return { ...action, outputArtifacts: action.outputArtifacts?.length ? action.outputArtifacts : makes };
}

/** The name of the service role: as typed, or as AWS's console calls it. */
export function roleName(draft: Draft, place: Place): string {
  const name = draft.role.name || `AWSCodePipelineServiceRole-${place.region}-${draft.name}`;
  return draft.role.name || name.length <= 64 ? name : `${name.slice(0, 58)}-${draft.store.digits.slice(0, 5)}`;
}

export function roleArn(draft: Draft, place: Place): string {
  if (draft.role.kind === "existing") return draft.role.arn;
  return `arn:aws:iam::${place.account}:role/service-role/${roleName(draft, place)}`;
}

/** The bucket for artifacts: the one chosen, the first one with the usual name that is there, or a new one. */
export function bucketName(draft: Draft, place: Place, known: string[]): { name: string; made: boolean } {
  if (draft.store.kind === "custom") return { name: draft.store.bucket, made: false };
  const start = `codepipeline-${place.region}-`;
  const own = start + draft.store.digits;
  const there = known.filter((each) => each.startsWith(start) && each !== own).sort()[0];
  return there ? { name: there, made: false } : { name: own, made: true };
}

export function projectRoleName(project: NewProject): string {
  return `codebuild-${project.name}-service-role`.slice(0, 64);
}

/** Stages that will be there. `always` is the index of one that is shown whether it is chosen already or not. */
export function chosenStages(draft: Draft, always = -1): { stage: StageDeclaration; index: number }[] {
  return draft.stages.flatMap(({ stage, skipped }, index) => {
    const chosen = !skipped && stage.actions.every((each) => each.actionTypeId.provider);
    return chosen || index === always ? [{ stage, index }] : [];
  });
}

/** The declaration as CreatePipeline takes it. */
export function declarationOf(draft: Draft, place: Place, bucket: string, always = -1): PipelineDeclaration {
  const key = draft.key ? { encryptionKey: { id: draft.key, type: "KMS" as const } } : {};
  const stores = draft.rest?.artifactStores;
  return {
    name: draft.name,
    roleArn: roleArn(draft, place),
    ...(stores ? {} : { artifactStore: { type: "S3" as const, location: bucket, ...key } }),
    stages: chosenStages(draft, always).map(({ stage }) =>
      draft.type === "V1" && !draft.cloned ? withOnFailure(stage, "none") : stage,
    ),
    pipelineType: draft.type,
    ...(draft.type === "V2" ? { executionMode: draft.mode } : {}),
    ...(draft.variables.length && draft.type === "V2" ? { variables: draft.variables.map(plain) } : {}),
    ...draft.rest,
  };
}

function plain({ name, defaultValue, description }: PipelineVariableDeclaration): PipelineVariableDeclaration {
  return { name, ...(defaultValue ? { defaultValue } : {}), ...(description ? { description } : {}) };
}

/** What a stage does when it fails, in the wizard's words. */
export function onFailureOf(stage: StageDeclaration): OnFailure {
  const found = stage.onFailure;
  if (!found) return "none";
  if (found.conditions?.length) return "kept";
  if (found.result === "ROLLBACK") return "rollback";
  return found.retryConfiguration?.retryMode === "ALL_ACTIONS" ? "retry-all" : "retry-failed";
}

const FAILURES: Record<"retry-failed" | "retry-all" | "rollback", FailureConditions> = {
  "retry-failed": { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } },
  "retry-all": { result: "RETRY", retryConfiguration: { retryMode: "ALL_ACTIONS" } },
  rollback: { result: "ROLLBACK" },
};

/** A stage that does something else when it fails. */
export function withOnFailure(stage: StageDeclaration, wanted: OnFailure): StageDeclaration {
  if (wanted === "kept") return stage;
  const { onFailure: _, ...others } = stage;
  return wanted === "none" ? others : { ...others, onFailure: FAILURES[wanted] };
}
