/** What of the audit trail is wanted. */

import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";

import { Typed } from "./Typed";
import type { Wanted } from "./reading";

interface Props {
  wanted: Wanted;
  onChange: (some: Partial<Wanted>) => void;
  onClear: () => void;
  onAgain: () => void;
  busy: boolean;
}

const SIGN_INS = "signin.amazonaws.com";

export function Filters({ wanted, onChange, onClear, onAgain, busy }: Props) {
  const more = wanted.key || wanted.id || wanted.request;
  return (
    <Container
      header={
        <Header
          variant="h1"
          description="Who did what, or tried to: newest first."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={onClear}>Clear filters</Button>
              <Button iconName="refresh" ariaLabel="Look again" loading={busy} onClick={onAgain} />
            </SpaceBetween>
          }
        >
          Audit
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ColumnLayout columns={3}>
          <Typed label="User" value={wanted.user} onChange={(user) => onChange({ user })} placeholder="ann, root, a session's name" />
          <Typed label="Event" value={wanted.event} onChange={(event) => onChange({ event })} placeholder="PutApprovalResult" />
          <Typed label="Resource" value={wanted.resource} onChange={(resource) => onChange({ resource })} placeholder="A name or an ARN" />
        </ColumnLayout>
        <SpaceBetween direction="horizontal" size="l" alignItems="end">
            <SegmentedControl
              label="Kind"
              selectedId={wanted.read}
              onChange={(event) => onChange({ read: event.detail.selectedId })}
              options={[
                { id: "false", text: "Changes" },
                { id: "true", text: "Reads" },
                { id: "all", text: "Both" },
              ]}
            />
          <FormField label="Time">
            <Span wanted={wanted} onChange={onChange} />
          </FormField>
          <Toggle checked={wanted.denied} onChange={(event) => onChange({ denied: event.detail.checked, read: event.detail.checked ? "all" : "false" })}>
            Refused only
          </Toggle>
          <Toggle
            checked={wanted.source === SIGN_INS}
            onChange={(event) => onChange({ source: event.detail.checked ? SIGN_INS : "", read: event.detail.checked ? "all" : "false" })}
          >
            Sign-ins only
          </Toggle>
        </SpaceBetween>
        {more && (
          <ColumnLayout columns={3}>
            <Typed label="Access key id" value={wanted.key} onChange={(key) => onChange({ key })} />
            <Typed label="Event id" value={wanted.id} onChange={(id) => onChange({ id })} />
            <Typed label="Request id" value={wanted.request} onChange={(request) => onChange({ request })} />
          </ColumnLayout>
        )}
      </SpaceBetween>
    </Container>
  );
}

const LAST: DateRangePickerProps.RelativeOption[] = [
  { key: "1-hour", type: "relative", amount: 1, unit: "hour" },
  { key: "24-hour", type: "relative", amount: 24, unit: "hour" },
  { key: "7-day", type: "relative", amount: 7, unit: "day" },
  { key: "30-day", type: "relative", amount: 30, unit: "day" },
];

function Span({ wanted, onChange }: Pick<Props, "wanted" | "onChange">) {
  const iso = (instant: number) => new Date(instant * 1000).toISOString();
  const [amount, unit] = wanted.last.split("-");
  const value: DateRangePickerProps.Value | null = wanted.last
    ? { type: "relative", amount: Number(amount), unit: unit as DateRangePickerProps.TimeUnit, key: wanted.last }
    : wanted.since && wanted.until
      ? { type: "absolute", startDate: iso(wanted.since), endDate: iso(wanted.until) }
      : null;
  const set = (next: DateRangePickerProps.Value | null) => {
    if (next?.type === "relative") onChange({ last: `${next.amount}-${next.unit}`, since: undefined, until: undefined });
    else if (next) onChange({ last: "", since: epoch(next.startDate), until: epoch(next.endDate) });
    else onChange({ last: "", since: undefined, until: undefined });
  };
  return (
    <DateRangePicker
      value={value}
      onChange={(event) => set(event.detail.value)}
      relativeOptions={LAST}
      isValidRange={(range) => valid(range)}
      placeholder="All that is kept"
      customRelativeRangeUnits={["minute", "hour", "day"]}
      showClearButton
    />
  );
}

function epoch(text: string): number {
  return Math.floor(new Date(text).getTime() / 1000);
}

function valid(range: DateRangePickerProps.Value | null): DateRangePickerProps.ValidationResult {
  if (range?.type === "absolute" && !(epoch(range.startDate) < epoch(range.endDate))) {
    return { valid: false, errorMessage: "The beginning comes before the end." };
  }
  return { valid: true };
}
