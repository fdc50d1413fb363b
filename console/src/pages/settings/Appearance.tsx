/** Light, dark, or as the system has it. */

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";

import { type Theme, applyTheme, useSetting } from "../../shell/settings";

export function Appearance() {
  const [theme, setTheme] = useSetting<Theme>("theme", "system");
  return (
    <Container header={<Header description="Kept in this browser.">Theme</Header>}>
        <SegmentedControl
          label="Theme"
          selectedId={theme}
          onChange={(event) => {
            setTheme(event.detail.selectedId as Theme);
            applyTheme(event.detail.selectedId as Theme);
          }}
          options={[
            { id: "system", text: "As the system" },
            { id: "light", text: "Light" },
            { id: "dark", text: "Dark" },
          ]}
        />
    </Container>
  );
}
