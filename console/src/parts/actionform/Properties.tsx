/** The configuration of an action or a rule: well-known properties in their order, then the others. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import { Fragment, type ReactNode } from "react";

import { PropertyField } from "./PropertyField";
import { type Kind, type Property, keyOf } from "./catalog";
import type { Errors } from "./check";
import { type Look, providerOf } from "./providers";

interface Props {
  kind: Kind;
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
  inputs: string[];
  errors: Errors;
  beside?: Record<string, ReactNode>;
  instead?: Record<string, ReactNode>;
}

export function Properties({ kind, value, onChange, inputs, errors, beside = {}, instead = {} }: Props) {
  const shown = arranged(kind).filter(([property, look]) => look.helper !== "hidden" || value[property.name]);
  const strange = Object.keys(value).filter((name) => !kind.properties.some((each) => each.name === name));
  if (shown.length === 0 && strange.length === 0) return null;
  const change = (changes: Record<string, string>) => {
    const next = { ...value, ...changes };
    for (const name of Object.keys(changes)) if (next[name] === "") delete next[name];
    onChange(next);
  };
  const all: [Property, Look][] = [
    ...shown.filter(([property]) => property.name !== "PrimarySource" || inputs.length > 1 || value.PrimarySource),
    ...strange.map((name): [Property, Look] => [
      { name, required: false, secret: false },
      { description: "This server does not know it." },
    ]),
  ];
  return (
    <SpaceBetween size="l">
      {all.map(([property, look]) =>
        instead[property.name] ? (
          <Fragment key={property.name}>{instead[property.name]}</Fragment>
        ) : (
          <PropertyField
            key={property.name}
            property={property}
            look={look}
            configuration={value}
            onChange={change}
            inputs={inputs}
            error={errors[`configuration.${property.name}`]}
            beside={beside[property.name]}
          />
        ),
      )}
    </SpaceBetween>
  );
}

function arranged(kind: Kind): [Property, Look][] {
  const { fields } = providerOf(keyOf(kind.id));
  const names = Object.keys(fields);
  const place = (property: Property) => (names.includes(property.name) ? names.indexOf(property.name) : names.length);
  return [...kind.properties].sort((a, b) => place(a) - place(b)).map((property) => [property, fields[property.name] ?? {}]);
}
