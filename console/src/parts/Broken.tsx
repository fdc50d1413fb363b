/** Holds a defect of one page within it, and says so. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { Component, type ReactNode } from "react";

export class Broken extends Component<{ children: ReactNode }, { error?: Error }> {
  state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  render() {
    if (!this.state.error) return this.props.children;
    return (
      <Alert
        type="error"
        header="This page has failed"
        action={<Button onClick={() => window.location.reload()}>Load it again</Button>}
      >
        {this.state.error.message}
      </Alert>
    );
  }
}
