/** The top of a page about a user, group or role: the name, what it is, what can be done with it as a whole. */

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useHref, useNavigate } from "react-router";

import type { Question } from "../../api/may";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { Deletion } from "./Deletion";
import { Copied } from "./Once";
import type { HolderKind } from "./address";
import "./people.css";

interface Props {
  kind: HolderKind;
  name: string;
  arn: string;
  created: number;
  mayDelete: Question;
  description?: string;
  items?: KeyValuePairsProps.Item[];
}

export function Head({ kind, name, arn, created, mayDelete, description, items = [] }: Props) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const simulator = `/people?${new URLSearchParams({ tab: "simulator", who: arn })}`;
  const audit = `/audit?${new URLSearchParams(kind === "user" ? { user: name } : { resource: arn })}`;
  const [toSimulator, toAudit] = [useHref(simulator), useHref(audit)];
  const follow = (to: string) => (event: { preventDefault: () => void }) => {
    event.preventDefault();
    navigate(to);
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={description && <span className="cell-text">{description}</span>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button href={toAudit} onFollow={follow(audit)}>
              Audit
            </Button>
            <Button href={toSimulator} onFollow={follow(simulator)}>
              Simulate
            </Button>
            <Permitted asks={mayDelete} onClick={() => setDeleting(true)}>
              Delete
            </Permitted>
          </SpaceBetween>
        }
      >
        <span className="cell-text">{name}</span>
      </Header>
      <Container>
        <KeyValuePairs
          columns={3}
          items={[{ label: "ARN", value: <Copied label="ARN" value={arn} /> }, { label: "Created", value: <When at={created} /> }, ...items]}
        />
      </Container>
      {deleting && <Deletion kind={kind} name={name} onDone={() => setDeleting(false)} />}
    </SpaceBetween>
  );
}
