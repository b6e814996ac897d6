/** A panel that throws must not take the workbench with it, and the workbench itself must not leave an empty page. */
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import classes from './shell.module.css';

interface State {
  error: Error | null;
}

export class PanelBoundary extends Component<{ children: ReactNode; what?: string }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className={classes.failed} role="alert">
        <h1>{this.props.what ?? 'This panel'} failed</h1>
        <p>{error.message}</p>
        <Button variant="default" onClick={() => this.setState({ error: null })}>
          Try again
        </Button>
      </div>
    );
  }
}
