/** What hangs on a user, group or role, as steps: IAM deletes none of them before all of that is gone. */

import { useQuery } from "@tanstack/react-query";

import { ApiError, call } from "../../api/client";
import type { Step } from "./Staged";
import type { HolderKind } from "./address";
import { HOLDERS, everyPage } from "./holders";

/** The steps that delete somebody, the entity itself last. */
export function useDeletion(kind: HolderKind, name: string) {
  return useQuery<Step[], ApiError>({
    queryKey: ["deletion", kind, name],
    queryFn: async () => [...(await OF[kind](name)), ...(await policies(kind, name)), await last(kind, name)],
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

const OF: Record<HolderKind, (name: string) => Promise<Step[]>> = {
  user: async (UserName) => {
    const given = { UserName };
    const [login, keys, credentials, groups] = await Promise.all([
      call("iam", "GetLoginProfile", given).catch((error: ApiError) => {
        if (error.code === "NoSuchEntity") return undefined;
        throw error;
      }),
      call("iam", "ListAccessKeys", given),
      call("iam", "ListServiceSpecificCredentials", given),
      everyPage((m) => call("iam", "ListGroupsForUser", { ...given, ...m }), (p) => p.Groups),
    ]);
    return [
      ...(login ? [{ key: "password", what: "Delete the password", run: () => call("iam", "DeleteLoginProfile", given) }] : []),
      ...keys.AccessKeyMetadata.map(({ AccessKeyId = "" }) => ({
        key: AccessKeyId,
        what: `Delete the access key ${AccessKeyId}`,
        run: () => call("iam", "DeleteAccessKey", { ...given, AccessKeyId }),
      })),
      ...(credentials.ServiceSpecificCredentials ?? []).map(({ ServiceSpecificCredentialId, ServiceUserName }) => ({
        key: ServiceSpecificCredentialId,
        what: `Delete the password for git ${ServiceUserName}`,
        run: () => call("iam", "DeleteServiceSpecificCredential", { ...given, ServiceSpecificCredentialId }),
      })),
      ...groups.map(({ GroupName }) => ({
        key: `group ${GroupName}`,
        what: `Remove from the group ${GroupName}`,
        run: () => call("iam", "RemoveUserFromGroup", { ...given, GroupName }),
      })),
    ];
  },
  group: async (GroupName) => {
    const users = await everyPage((m) => call("iam", "GetGroup", { GroupName, ...m }), (p) => p.Users);
    return users.map(({ UserName }) => ({
      key: `user ${UserName}`,
      what: `Remove the user ${UserName}`,
      run: () => call("iam", "RemoveUserFromGroup", { GroupName, UserName }),
    }));
  },
  role: async (RoleName) => {
    const profiles = await everyPage((m) => call("iam", "ListInstanceProfilesForRole", { RoleName, ...m }), (p) => p.InstanceProfiles);
    return profiles.map(({ InstanceProfileName }) => ({
      key: `profile ${InstanceProfileName}`,
      what: `Remove from the instance profile ${InstanceProfileName}`,
      run: () => call("iam", "RemoveRoleFromInstanceProfile", { RoleName, InstanceProfileName }),
    }));
  },
};

async function policies(kind: HolderKind, name: string): Promise<Step[]> {
  const holder = HOLDERS[kind];
  const [attached, inline] = await Promise.all([holder.attached(name), holder.inline(name)]);
  return [
    ...attached.map(({ PolicyArn = "", PolicyName }) => ({
      key: PolicyArn,
      what: `Detach the policy ${PolicyName}`,
      run: () => holder.detach(name, PolicyArn),
    })),
    ...inline.map((each) => ({ key: `policy ${each}`, what: `Delete the policy ${each}`, run: () => holder.drop(name, each) })),
  ];
}

async function last(kind: HolderKind, name: string): Promise<Step> {
  const run = {
    user: () => call("iam", "DeleteUser", { UserName: name }),
    group: () => call("iam", "DeleteGroup", { GroupName: name }),
    role: () => call("iam", "DeleteRole", { RoleName: name }),
  }[kind];
  return { key: "entity", what: `Delete the ${kind} ${name}`, run };
}
