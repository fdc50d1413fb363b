/** Executions and lead time day by day, as pictures and as tables. */

import BarChart from "@cloudscape-design/components/bar-chart";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { useSyncExternalStore } from "react";

import { duration } from "../../parts/When";
import type { Day } from "./figures";

const SHORT = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const HEIGHT = 200;
const NOTHING = <Box textAlign="center">Nothing ran in this time.</Box>;
const NO_DEPLOYMENT = <Box textAlign="center">Nothing was deployed in this time.</Box>;

/** How many days have room beside each other: bars that are narrower than their gaps cannot be drawn. */
function useRoom(): number {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("resize", listener);
      return () => window.removeEventListener("resize", listener);
    },
    () => (window.innerWidth < 700 ? 14 : window.innerWidth < 1000 ? 45 : 90),
  );
}

export function Charts({ of: all }: { of: Day[] }) {
  const of = all.slice(-useRoom());
  const ran = of.some((each) => each.succeeded + each.failed + each.other > 0);
  const deployed = of.filter((each) => each.leadTime !== undefined);
  return (
    <ColumnLayout columns={2}>
      <Container fitHeight header={<Header variant="h2">Executions by day</Header>}>
        <BarChart<Date>
          ariaLabel="Executions by day"
          ariaDescription="The same numbers are in the table below."
          height={HEIGHT}
          stackedBars
          hideFilter
          xScaleType="categorical"
          xTitle="Day"
          yTitle="Executions"
          emphasizeBaselineAxis
          xDomain={of.map((each) => each.at)}
          i18nStrings={{ xTickFormatter: (at) => SHORT.format(at), yTickFormatter: (each) => (Number.isInteger(each) ? String(each) : "") }}
          empty={NOTHING}
          series={
            ran
              ? [
                  { title: "Succeeded", type: "bar", color: "var(--good)", data: of.map((each) => ({ x: each.at, y: each.succeeded })) },
                  { title: "Failed", type: "bar", color: "var(--bad)", data: of.map((each) => ({ x: each.at, y: each.failed })) },
                  { title: "Other", type: "bar", color: "var(--rim)", data: of.map((each) => ({ x: each.at, y: each.other })) },
                ]
              : []
          }
        />
        <Numbers of={all} />
      </Container>
      <Container fitHeight header={<Header variant="h2">Lead time by day</Header>}>
        <BarChart<Date>
          ariaLabel="Lead time by day"
          ariaDescription="The same numbers are in the table below."
          height={HEIGHT}
          hideFilter
          hideLegend
          xScaleType="categorical"
          xTitle="Day"
          yTitle="Median"
          xDomain={of.map((each) => each.at)}
          i18nStrings={{ xTickFormatter: (at) => SHORT.format(at), yTickFormatter: duration }}
          empty={NO_DEPLOYMENT}
          series={
            deployed.length > 0
              ? [
                  {
                    title: "Median lead time",
                    type: "bar",
                    valueFormatter: duration,
                    data: deployed.map((each) => ({ x: each.at, y: each.leadTime ?? 0 })),
                  },
                ]
              : []
          }
        />
        <Times of={all.filter((each) => each.leadTime !== undefined)} />
      </Container>
    </ColumnLayout>
  );
}

function Numbers({ of }: { of: Day[] }) {
  return (
    <ExpandableSection headerText="As a table" headingTagOverride="h3" headerAriaLabel="Executions by day as a table">
      <Table
        variant="embedded"
        contentDensity="compact"
        ariaLabels={{ tableLabel: "Executions by day" }}
        items={of.filter((each) => each.succeeded + each.failed + each.other > 0).reverse()}
        empty={NOTHING}
        columnDefinitions={[
          { id: "day", header: "Day", isRowHeader: true, cell: (each) => SHORT.format(each.at) },
          { id: "succeeded", header: "Succeeded", cell: (each) => each.succeeded },
          { id: "failed", header: "Failed", cell: (each) => each.failed },
          { id: "other", header: "Other", cell: (each) => each.other },
        ]}
      />
    </ExpandableSection>
  );
}

function Times({ of }: { of: Day[] }) {
  return (
    <ExpandableSection headerText="As a table" headingTagOverride="h3" headerAriaLabel="Lead time by day as a table">
      <Table
        variant="embedded"
        contentDensity="compact"
        ariaLabels={{ tableLabel: "Lead time by day" }}
        items={[...of].reverse()}
        empty={NO_DEPLOYMENT}
        columnDefinitions={[
          { id: "day", header: "Day", isRowHeader: true, cell: (each) => SHORT.format(each.at) },
          { id: "time", header: "Median lead time", cell: (each) => duration(each.leadTime ?? 0) },
        ]}
      />
    </ExpandableSection>
  );
}
