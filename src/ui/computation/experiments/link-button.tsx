/** Copies a link that carries an experiment whole. */
import { Button, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { copyText } from '../../../environment/clipboard.ts';
import { Icon } from '../../kit/icons.tsx';
import { LINK_LIMIT } from '../../kit/address/packed-json.ts';
import type { ExperimentRecord } from './experiment.ts';
import { linkTo } from './link.ts';

type State = 'idle' | 'copied' | 'refused' | 'long';

const SAYS: Record<State, string> = {
  idle: 'A link with its input, and the weights and code that it was measured with',
  copied: 'Copied',
  refused: 'The browser refused the clipboard',
  long: `Its workload or text is longer than a link may be (${LINK_LIMIT.toLocaleString('en')} characters). Export it as JSON.`,
};

export function LinkButton({ record }: { record: ExperimentRecord }) {
  const [state, setState] = useState<State>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), state === 'copied' ? 1600 : 6000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    const link = await linkTo(record);
    if (link.length > LINK_LIMIT) return setState('long');
    return copyText(new URL(`#${link}`, location.href).href).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  return (
    <Tooltip label={SAYS[state]} {...(state !== 'idle' && { opened: true })}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon name={state === 'copied' ? 'check' : 'link'} size={14} />}
        onClick={() => void copy()}
      >
        Link
        <span className="gb-sr-only" role="status">
          {state === 'idle' ? '' : SAYS[state]}
        </span>
      </Button>
    </Tooltip>
  );
}
