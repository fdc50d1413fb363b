/** Names and values as a small table. */

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";

interface Props {
  title: string;
  /** What a screen reader calls the table. */
  label: string;
  description?: string;
  values: [string, string][];
  /** How the name is written in a configuration, for copying. */
  refer?: (name: string) => string;
}

export function Values({ title, label, description, values, refer }: Props) {
  return (
    <Table<[string, string]>
      variant="embedded"
      wrapLines
      header={
        <Header variant="h3" description={description}>
          {title}
        </Header>
      }
      items={values}
      trackBy={([name]) => name}
      ariaLabels={{ tableLabel: label }}
      columnDefinitions={[
        {
          id: "name",
          header: "Name",
          isRowHeader: true,
          width: 280,
          cell: ([name]) =>
            refer ? (
              <CopyToClipboard
                variant="inline"
                textToDisplay={name}
                textToCopy={refer(name)}
                copyButtonAriaLabel={`Copy ${refer(name)}`}
                copySuccessText="Copied"
                copyErrorText="Could not be copied"
              />
            ) : (
              name
            ),
        },
        { id: "value", header: "Value", cell: ([, value]) => <Box variant="samp">{value}</Box> },
      ]}
    />
  );
}
