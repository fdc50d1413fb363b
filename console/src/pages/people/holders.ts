/** What users, groups and roles have in common: they hold managed policies and inline ones, each by operations of its own name. */

import { type UseQueryResult, useQuery } from "@tanstack/react-query";

import { type ApiError, call } from "../../api/client";
import { type Question, may } from "../../api/may";
import type { AttachedPolicy } from "../../api/models/iam";
import type { HolderKind } from "./address";

interface Paged {
  IsTruncated?: boolean;
  Marker?: string;
}

/** All pages of an IAM listing. */
export async function everyPage<P extends Paged, T>(
  ask: (more: { Marker?: string }) => Promise<P>,
  pick: (page: P) => T[] | undefined,
): Promise<T[]> {
  const found: T[] = [];
  let more: { Marker?: string } = {};
  for (;;) {
    const page = await ask(more);
    found.push(...(pick(page) ?? []));
    if (!page.IsTruncated || !page.Marker) return found;
    more = { Marker: page.Marker };
  }
}

export interface Holder {
  attached: (name: string) => Promise<AttachedPolicy[]>;
  inline: (name: string) => Promise<string[]>;
  /** The text of an inline policy. */
  read: (name: string, policy: string) => Promise<string>;
  attach: (name: string, arn: string) => Promise<unknown>;
  detach: (name: string, arn: string) => Promise<unknown>;
  put: (name: string, policy: string, document: string) => Promise<unknown>;
  drop: (name: string, policy: string) => Promise<unknown>;
  mayAttach: (name: string) => Question;
  mayDetach: (name: string) => Question;
  mayPut: (name: string) => Question;
  mayDrop: (name: string) => Question;
  /** Characters that all inline policies together may have, white space not counted. */
  inlineLimit: number;
}

const SOME = "arn:aws:iam::aws:policy/ReadOnlyAccess";

const USER: Holder = {
  attached: (UserName) => everyPage((m) => call("iam", "ListAttachedUserPolicies", { UserName, ...m }), (p) => p.AttachedPolicies),
  inline: (UserName) => everyPage((m) => call("iam", "ListUserPolicies", { UserName, ...m }), (p) => p.PolicyNames),
  read: async (UserName, PolicyName) => decoded((await call("iam", "GetUserPolicy", { UserName, PolicyName })).PolicyDocument),
  attach: (UserName, PolicyArn) => call("iam", "AttachUserPolicy", { UserName, PolicyArn }),
  detach: (UserName, PolicyArn) => call("iam", "DetachUserPolicy", { UserName, PolicyArn }),
  put: (UserName, PolicyName, PolicyDocument) => call("iam", "PutUserPolicy", { UserName, PolicyName, PolicyDocument }),
  drop: (UserName, PolicyName) => call("iam", "DeleteUserPolicy", { UserName, PolicyName }),
  mayAttach: (UserName) => may("iam", "AttachUserPolicy", { UserName, PolicyArn: SOME }),
  mayDetach: (UserName) => may("iam", "DetachUserPolicy", { UserName, PolicyArn: SOME }),
  mayPut: (UserName) => may("iam", "PutUserPolicy", { UserName, PolicyName: "policy", PolicyDocument: "{}" }),
  mayDrop: (UserName) => may("iam", "DeleteUserPolicy", { UserName, PolicyName: "policy" }),
  inlineLimit: 2048,
};

const GROUP: Holder = {
  attached: (GroupName) => everyPage((m) => call("iam", "ListAttachedGroupPolicies", { GroupName, ...m }), (p) => p.AttachedPolicies),
  inline: (GroupName) => everyPage((m) => call("iam", "ListGroupPolicies", { GroupName, ...m }), (p) => p.PolicyNames),
  read: async (GroupName, PolicyName) => decoded((await call("iam", "GetGroupPolicy", { GroupName, PolicyName })).PolicyDocument),
  attach: (GroupName, PolicyArn) => call("iam", "AttachGroupPolicy", { GroupName, PolicyArn }),
  detach: (GroupName, PolicyArn) => call("iam", "DetachGroupPolicy", { GroupName, PolicyArn }),
  put: (GroupName, PolicyName, PolicyDocument) => call("iam", "PutGroupPolicy", { GroupName, PolicyName, PolicyDocument }),
  drop: (GroupName, PolicyName) => call("iam", "DeleteGroupPolicy", { GroupName, PolicyName }),
  mayAttach: (GroupName) => may("iam", "AttachGroupPolicy", { GroupName, PolicyArn: SOME }),
  mayDetach: (GroupName) => may("iam", "DetachGroupPolicy", { GroupName, PolicyArn: SOME }),
  mayPut: (GroupName) => may("iam", "PutGroupPolicy", { GroupName, PolicyName: "policy", PolicyDocument: "{}" }),
  mayDrop: (GroupName) => may("iam", "DeleteGroupPolicy", { GroupName, PolicyName: "policy" }),
  inlineLimit: 5120,
};

const ROLE: Holder = {
  attached: (RoleName) => everyPage((m) => call("iam", "ListAttachedRolePolicies", { RoleName, ...m }), (p) => p.AttachedPolicies),
  inline: (RoleName) => everyPage((m) => call("iam", "ListRolePolicies", { RoleName, ...m }), (p) => p.PolicyNames),
  read: async (RoleName, PolicyName) => decoded((await call("iam", "GetRolePolicy", { RoleName, PolicyName })).PolicyDocument),
  attach: (RoleName, PolicyArn) => call("iam", "AttachRolePolicy", { RoleName, PolicyArn }),
  detach: (RoleName, PolicyArn) => call("iam", "DetachRolePolicy", { RoleName, PolicyArn }),
  put: (RoleName, PolicyName, PolicyDocument) => call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument }),
  drop: (RoleName, PolicyName) => call("iam", "DeleteRolePolicy", { RoleName, PolicyName }),
  mayAttach: (RoleName) => may("iam", "AttachRolePolicy", { RoleName, PolicyArn: SOME }),
  mayDetach: (RoleName) => may("iam", "DetachRolePolicy", { RoleName, PolicyArn: SOME }),
  mayPut: (RoleName) => may("iam", "PutRolePolicy", { RoleName, PolicyName: "policy", PolicyDocument: "{}" }),
  mayDrop: (RoleName) => may("iam", "DeleteRolePolicy", { RoleName, PolicyName: "policy" }),
  inlineLimit: 10240,
};

export const HOLDERS: Record<HolderKind, Holder> = { user: USER, group: GROUP, role: ROLE };

/** A document as IAM's answers carry it, as text. */
export function decoded(document: string | undefined): string {
  return decodeURIComponent(document ?? "");
}

/** The managed and the inline policies of somebody. */
export function useHeld(kind: HolderKind, name: string): UseQueryResult<{ attached: AttachedPolicy[]; inline: string[] }, ApiError> {
  return useQuery<{ attached: AttachedPolicy[]; inline: string[] }, ApiError>({
    queryKey: ["iam", "held", kind, name],
    queryFn: async () => {
      const [attached, inline] = await Promise.all([HOLDERS[kind].attached(name), HOLDERS[kind].inline(name)]);
      return { attached, inline };
    },
  });
}
