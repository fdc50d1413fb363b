/** Secrets of Secrets Manager and parameters of Systems Manager; one of them where the address names it. */

import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useSearchParams } from "react-router";

import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { ParameterList } from "./secrets/ParameterList";
import { ParameterPage } from "./secrets/ParameterPage";
import { SecretList } from "./secrets/SecretList";
import { SecretPage } from "./secrets/SecretPage";
import { placeOf } from "./secrets/address";

export default function Secrets() {
  const [query, setQuery] = useSearchParams();
  const [secret, parameter] = [query.get("secret"), query.get("parameter")];
  const one = secret ?? parameter;
  useTitle(one ?? "Secrets and parameters");
  const crumbs = [{ text: "Secrets and parameters", href: "/secrets" }];
  if (one) {
    const kind = secret ? "secret" : "parameter";
    return (
      <Shell crumbs={[...crumbs, { text: one, href: placeOf(kind, one) }]}>
        {secret ? <SecretPage key={secret} name={secret} /> : <ParameterPage key={one} name={one} />}
      </Shell>
    );
  }
  return (
    <Shell crumbs={crumbs}>
      <SpaceBetween size="l">
        <Header variant="h1" description="Values are kept encrypted, and shown only when somebody asks for one.">
          Secrets and parameters
        </Header>
        <Tabs
          activeTabId={query.get("tab") ?? "secrets"}
          onChange={(event) => setQuery({ tab: event.detail.activeTabId })}
          tabs={[
            { id: "secrets", label: "Secrets", content: <SecretList /> },
            { id: "parameters", label: "Parameters", content: <ParameterList /> },
          ]}
        />
      </SpaceBetween>
    </Shell>
  );
}
