/** One parameter: its value on demand, its versions, deleting it. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import { may } from "../../api/may";
import type { ParameterHistory } from "../../api/models/ssm";
import { useListing } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { useNotices } from "../../shell/notices";
import { Listing } from "../people/Listing";
import "../people/people.css";
import { PutParameter } from "./PutParameter";
import { Reveal } from "./Reveal";

async function valueOf(Name: string): Promise<string> {
  return (await call("ssm", "GetParameter", { Name, WithDecryption: true })).Parameter?.Value ?? "";
}

export function ParameterPage({ name }: { name: string }) {
  const filter = { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [name] }] };
  const found = useListing("ssm", "DescribeParameters", filter, (page) => [page.Parameters, page.NextToken], { token: "NextToken" });
  const [doing, setDoing] = useState<"value" | "delete">();
  const known = found.data?.[0];
  const done = () => setDoing(undefined);
  if (found.error) return <Failure error={found.error} what="this parameter" again={found.refetch} />;
  if (!found.data) return null;
  if (!known) return <Box>There is no parameter {name}.</Box>;
  const asks = may("ssm", "GetParameter", { Name: name, WithDecryption: true });
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={<span className="cell-text">{known.Description}</span>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Permitted asks={may("ssm", "DeleteParameter", { Name: name })} onClick={() => setDoing("delete")}>
              Delete
            </Permitted>
            <Permitted variant="primary" asks={may("ssm", "PutParameter", { Name: name, Value: "x" })} onClick={() => setDoing("value")}>
              New value
            </Permitted>
          </SpaceBetween>
        }
      >
        <span className="cell-text">{name}</span>
      </Header>
      <Container>
        <KeyValuePairs
          columns={3}
          items={[
            { label: "Type", value: known.Type },
            { label: "Version", value: known.Version },
            { label: "Changed", value: <When at={known.LastModifiedDate} /> },
          ]}
        />
      </Container>
      <Container header={<Header description="Reading it is noted in the audit trail.">Value</Header>}>
        <Reveal asks={asks} read={() => valueOf(name)} />
      </Container>
      <Versions name={name} />
      {doing === "value" && (
        <PutParameter of={{ name, type: known.Type ?? "String", description: known.Description ?? "" }} onDone={done} />
      )}
      {doing === "delete" && <DeleteParameter name={name} onDone={done} />}
    </SpaceBetween>
  );
}

function Versions({ name }: { name: string }) {
  // Without decryption: what is encrypted comes as it is kept. Values are left out all the same, and asked for one by one.
  const found = useListing("ssm", "GetParameterHistory", { Name: name, WithDecryption: false }, (page) => [page.Parameters, page.NextToken], {
    token: "NextToken",
  });
  if (found.error) return <Failure error={found.error} what="the versions" again={found.refetch} />;
  return (
    <Listing<ParameterHistory>
      title="Versions"
      one="version"
      finding={false}
      items={found.data && [...found.data].reverse()}
      loading={found.isLoading}
      empty={<Box>No versions.</Box>}
      columns={[
        { id: "version", header: "Version", isRowHeader: true, cell: (each) => each.Version },
        { id: "who", header: "By", cell: (each) => <span className="cell-text">{each.LastModifiedUser}</span> },
        { id: "when", header: "When", cell: (each) => <When at={each.LastModifiedDate} /> },
        {
          id: "value",
          header: "Value",
          cell: (each) => (
            <Reveal
              what={`version ${each.Version}`}
              asks={may("ssm", "GetParameter", { Name: `${name}:${each.Version}`, WithDecryption: true })}
              read={() => valueOf(`${name}:${each.Version}`)}
            />
          ),
        },
      ]}
    />
  );
}

function DeleteParameter({ name, onDone }: { name: string; onDone: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const go = async () => {
    await call("ssm", "DeleteParameter", { Name: name });
    navigate("/secrets?tab=parameters");
    await client.invalidateQueries({ queryKey: ["ssm"] });
    tell("success", `${name} is deleted.`);
  };
  return (
    <Confirm title={`Delete ${name}?`} verb="Delete" typed={name} onConfirm={go} onDone={onDone}>
      All its versions are deleted with it, for good.
    </Confirm>
  );
}
