/** Who is in which group: the groups of a user, the users of a group. */

import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect, { type MultiselectProps } from "@cloudscape-design/components/multiselect";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { useNotices } from "../../shell/notices";
import { Listing } from "./Listing";
import { Staged } from "./Staged";
import { placeOf } from "./address";
import { useGroups } from "./choices";

interface Pair {
  GroupName: string;
  UserName: string;
}

/** The groups of a user. */
export function Groups({ user }: { user: string }) {
  const found = useListing(
    "iam",
    "ListGroupsForUser",
    { UserName: user },
    (page) => [page.Groups, page.IsTruncated ? page.Marker : undefined],
    { token: "Marker" },
  );
  const all = useGroups();
  const names = found.data?.map((each) => each.GroupName);
  if (found.error) return <Failure error={found.error} what="the groups of this user" again={found.refetch} />;
  return (
    <Members
      title="Groups"
      one="group"
      names={names}
      loading={found.isLoading}
      empty="In no group. A group gives the same permissions to several people."
      others={(all.data ?? []).map((each) => each.GroupName).filter((each) => !names?.includes(each))}
      pair={(GroupName) => ({ GroupName, UserName: user })}
    />
  );
}

/** The users of a group. */
export function Users({ group, names, loading }: { group: string; names: string[] | undefined; loading: boolean }) {
  const all = useListing("iam", "ListUsers", {}, (page) => [page.Users, page.IsTruncated ? page.Marker : undefined], { token: "Marker" });
  return (
    <Members
      title="Users"
      one="user"
      names={names}
      loading={loading}
      empty="Nobody is in this group yet: add users."
      others={(all.data ?? []).map((each) => each.UserName).filter((each) => !names?.includes(each))}
      pair={(UserName) => ({ GroupName: group, UserName })}
    />
  );
}

interface Props {
  title: string;
  one: "group" | "user";
  names: string[] | undefined;
  loading: boolean;
  empty: string;
  others: string[];
  pair: (name: string) => Pair;
}

function Members({ title, one, names, loading, empty, others, pair }: Props) {
  const client = useQueryClient();
  const { failed } = useNotices();
  const [adding, setAdding] = useState(false);
  const remove = async (name: string) => {
    await call("iam", "RemoveUserFromGroup", pair(name)).catch((error) => failed(error, `Could not remove ${name}`));
    await client.invalidateQueries({ queryKey: ["iam"] });
  };
  return (
    <>
      <Listing<{ name: string }>
        title={title}
        one={one}
        finding={false}
        items={names?.map((name) => ({ name }))}
        loading={loading}
        actions={
          <Permitted asks={may("iam", "AddUserToGroup", pair("x"))} onClick={() => setAdding(true)}>
            {one === "group" ? "Add to groups" : "Add users"}
          </Permitted>
        }
        empty={<Box>{empty}</Box>}
        columns={[
          {
            id: "name",
            header: "Name",
            isRowHeader: true,
            sortingField: "name",
            cell: (each) => <RouterLink to={placeOf(one, each.name)}>{each.name}</RouterLink>,
          },
          {
            id: "actions",
            header: "Actions",
            cell: (each) => (
              <Permitted
                variant="inline-link"
                ariaLabel={`Remove ${each.name}`}
                asks={may("iam", "RemoveUserFromGroup", pair(each.name))}
                onClick={() => void remove(each.name)}
              >
                Remove
              </Permitted>
            ),
          },
        ]}
      />
      {adding && <Adding one={one} others={others} pair={pair} onDone={() => setAdding(false)} />}
    </>
  );
}

function Adding({ one, others, pair, onDone }: Pick<Props, "one" | "others" | "pair"> & { onDone: () => void }) {
  const [chosen, setChosen] = useState<readonly MultiselectProps.Option[]>([]);
  const steps = chosen.map((each) => ({
    key: each.value ?? "",
    what: `Add ${one === "group" ? "to " : ""}${each.label}`,
    run: () => call("iam", "AddUserToGroup", pair(each.value ?? "")),
  }));
  return (
    <Staged title={one === "group" ? "Add to groups" : "Add users"} verb="Add" steps={steps} disabled={chosen.length === 0} onDone={onDone}>
      {() => (
        <FormField label={one === "group" ? "Groups" : "Users"}>
          <Multiselect
            selectedOptions={chosen}
            options={others.map((name) => ({ value: name, label: name }))}
            onChange={(event) => setChosen(event.detail.selectedOptions)}
            filteringType="auto"
            placeholder={`Choose ${one}s`}
            empty={`There is no other ${one}.`}
            deselectAriaLabel={(option) => `Take away ${option.label}`}
            expandToViewport
          />
        </FormField>
      )}
    </Staged>
  );
}
