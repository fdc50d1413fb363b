/** A plan as others say it: commands of the AWS CLI, and a template of CloudFormation. Pure. */

import type { Plan, Step } from "./plan";

/** Lines for a shell. */
export function commandsOf({ steps }: Plan): string {
  return steps.map(command).join("\n\n");
}

function command({ service, operation, params }: Step): string {
  const flags = Object.entries(params).map(([name, value]) => `--${kebab(name)} ${argument(value)}`);
  const name = service === "s3" ? "s3api" : service;
  return [`aws ${name} ${kebab(operation)}`, ...flags].join(" \\\n  ");
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

function argument(value: unknown): string {
  const text = typeof value === "string" ? pretty(value) : JSON.stringify(value, null, 2);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A JSON document in a text is easier to read over several lines. */
function pretty(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A template that makes the same. */
export function templateOf({ steps, declaration, bucket }: Plan): string {
  const resources: Record<string, unknown> = {};
  const roles: Record<string, string> = {};
  for (const { service, operation, params } of steps) {
    const given = params as Record<string, string>;
    if (operation === "CreateRole") {
      const builds = given.AssumeRolePolicyDocument.includes("codebuild.amazonaws.com");
      const id = builds ? unused(resources, "BuildRole") : "PipelineRole";
      roles[given.RoleName] = id;
      resources[id] = {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: given.RoleName,
          Path: given.Path,
          Description: given.Description,
          AssumeRolePolicyDocument: JSON.parse(given.AssumeRolePolicyDocument),
        },
      };
    } else if (operation === "PutRolePolicy") {
      const role = resources[roles[given.RoleName]] as { Properties: object };
      role.Properties = {
        ...role.Properties,
        Policies: [{ PolicyName: given.PolicyName, PolicyDocument: JSON.parse(given.PolicyDocument) }],
      };
    } else if (service === "s3" && operation === "CreateBucket") {
      resources.ArtifactBucket = {
        Type: "AWS::S3::Bucket",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          BucketName: given.Bucket,
          VersioningConfiguration: { Status: "Enabled" },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            IgnorePublicAcls: true,
            BlockPublicPolicy: true,
            RestrictPublicBuckets: true,
          },
        },
      };
    } else if (service === "codebuild") resources[unused(resources, "BuildProject")] = project(params, roles);
  }
  const role = roles[declaration.roleArn.split("/").at(-1) ?? ""];
  const { version: _, ...declared } = declaration;
  const properties = capital(declared) as Record<string, unknown>;
  if (role && declaration.roleArn.includes("/service-role/")) properties.RoleArn = arnOf(role);
  if (bucket.made && declaration.artifactStore)
    properties.ArtifactStore = { ...(properties.ArtifactStore as object), Location: { Ref: "ArtifactBucket" } };
  if (declaration.artifactStores)
    properties.ArtifactStores = Object.entries(declaration.artifactStores).map(([Region, store]) => ({
      Region,
      ArtifactStore: capital(store),
    }));
  resources.Pipeline = {
    Type: "AWS::CodePipeline::Pipeline",
    ...(resources.BuildProject ? { DependsOn: Object.keys(resources).filter((each) => each.startsWith("BuildProject")) } : {}),
    Properties: properties,
  };
  return yaml({ AWSTemplateFormatVersion: "2010-09-09", Resources: resources });
}

function project(params: object, roles: Record<string, string>): object {
  const given = params as { serviceRole: string; source: { buildspec: string } };
  const role = given.serviceRole.includes("/service-role/") ? roles[given.serviceRole.split("/").at(-1) ?? ""] : undefined;
  const properties = capital(given) as Record<string, unknown>;
  // The one name that CloudFormation spells differently.
  properties.Source = { Type: "CODEPIPELINE", BuildSpec: given.source.buildspec };
  if (role) properties.ServiceRole = arnOf(role);
  return { Type: "AWS::CodeBuild::Project", Properties: properties };
}

function arnOf(id: string): object {
  return { "Fn::GetAtt": [id, "Arn"] };
}

function unused(resources: object, stem: string): string {
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? stem : `${stem}${count}`;
    if (!(id in resources)) return id;
  }
}

/** Members as CloudFormation spells them; what people configure stays as it is. */
function capital(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capital);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name[0].toUpperCase() + name.slice(1),
      name === "configuration" || name === "artifactStores" ? inner : capital(inner),
    ]),
  );
}

/** YAML of plain data: blocks for lists and maps, quotes wherever a text could be read as something else. */
export function yaml(value: unknown): string {
  return `${block(value, "").replace(/^\n/, "")}\n`;
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return " []";
    return value.map((each) => `\n${indent}-${inner(each, indent)}`).join("");
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    if (entries.length === 0) return " {}";
    return entries.map(([name, each]) => `\n${indent}${scalar(name)}:${block(each, `${indent}  `)}`).join("");
  }
  return ` ${scalar(value)}`;
}

/** An item of a list begins on the line of its dash. */
function inner(value: unknown, indent: string): string {
  const text = block(value, `${indent}  `);
  return text.startsWith("\n") ? ` ${text.trimStart()}` : text;
}

function scalar(value: unknown): string {
  if (typeof value !== "string") return String(value);
  const safe = /^[A-Za-z][\w./:-]*$/.test(value) && !value.endsWith(":");
  return safe && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}
