/** Parts of the page that are fetched when first shown. One whose code does not arrive says why, and can be tried again. */
import { messageOf } from '../../environment/thrown.ts';
import { Button } from '@mantine/core';
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { CodeMissingError, loadCode } from '../../environment/load-code.ts';
import classes from './kit.module.css';

interface OnDemandProps {
  /** Of a dialog: while it is shut its failure is nobody's business. */
  opened?: boolean;
  onClose?: () => void;
  /** Shown while the code is on its way. */
  waiting?: ReactNode;
  /** Shown while the code is on its way, and in place of the part when it does not arrive. */
  standIn?: ReactNode;
}

/**
 * @param what names the part at the beginning of a sentence: "The editor"
 * @example
 * const Chart = onDemand('The chart', async () => (await import('./chart.tsx')).Chart);
 */
export function onDemand<P extends object>(what: string, load: () => Promise<ComponentType<P>>): ComponentType<P & OnDemandProps> {
  let Loaded: ComponentType<P> | null = null;
  return function OnDemand({ waiting, standIn, ...props }: P & OnDemandProps) {
    const [state, setState] = useState<'loading' | 'loaded' | { failure: unknown }>(Loaded ? 'loaded' : 'loading');
    useEffect(() => {
      if (state !== 'loading') return undefined;
      let gone = false;
      loadCode(load).then(
        (part) => {
          Loaded = part;
          if (!gone) setState('loaded');
        },
        (failure: unknown) => {
          if (!gone) setState({ failure });
        },
      );
      return () => {
        gone = true;
      };
    }, [state]);
    if (state === 'loaded' && Loaded) return <Loaded {...(props as unknown as P)} />;
    if (typeof state === 'string') return waiting ?? standIn;
    const { opened, onClose } = props as OnDemandProps;
    if (opened === false) return null;
    return (
      <>
        <Missing what={what} failure={state.failure} onRetry={() => setState('loading')} onClose={onClose} />
        {standIn}
      </>
    );
  };
}

interface MissingProps {
  what: string;
  failure: unknown;
  onRetry: () => void;
  onClose: (() => void) | undefined;
}

function Missing({ what, failure, onRetry, onClose }: MissingProps) {
  return (
    <div className={classes.missing} role="alert">
      <p>
        <b>{what} could not be opened.</b> {messageOf(failure)}
      </p>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        Try again
      </Button>
      {failure instanceof CodeMissingError && failure.reload && (
        <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
          Reload the page
        </Button>
      )}
      {onClose && (
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Close
        </Button>
      )}
    </div>
  );
}
