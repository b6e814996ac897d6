/** Says what the colours behind the text mean. */
import { useComputedColorScheme } from '@mantine/core';
import { css, type TintKind, tintScale } from '../kit/colour/colour.ts';
import classes from './playground.module.css';
import type { Tint } from './token-flow.tsx';

const ENDS: Record<TintKind, readonly [string, string]> = {
  surprise: ['100 %', '< 1 %'],
  attention: ['0', 'most'],
};

export function TintLegend({ tint }: { tint: Tint }) {
  const scheme = useComputedColorScheme('light');
  if (tint === 'off' || tint === 'tokens') return null;
  const kind: TintKind = tint === 'probability' ? 'surprise' : 'attention';
  const [from, to] = ENDS[kind];
  return (
    <span
      className={classes.legend}
      title={
        kind === 'surprise'
          ? 'Probability of each token: one step of colour for each ⅔ bit of surprise'
          : 'What the selected token attends to, relative to the strongest'
      }
    >
      {from}
      <span
        aria-hidden="true"
        style={{ background: `linear-gradient(90deg, transparent, ${tintScale(kind, scheme).map(css).join(', ')})` }}
      />
      {to}
    </span>
  );
}
