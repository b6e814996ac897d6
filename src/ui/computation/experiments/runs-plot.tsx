/** One figure over one field of the grid as a plot, of an experiment or of two. */
import { NativeSelect, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { PlotView } from '../../kit/plot/plot-view.tsx';
import { variedFields } from './combinations.ts';
import classes from './experiments.module.css';
import type { Figure } from './figures.ts';
import { likelyX, plotOf, type Subject } from './plot.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';

interface Props {
  subjects: readonly Subject[];
  figures: readonly Figure[];
  figure: Figure;
  onFigure: (id: string) => void;
}

const ALL = '';

export function RunsPlot({ subjects, figures, figure, onFigure }: Props) {
  const first = subjects[0]!.combinations;
  const fields = variedFields(first);
  const [chosen, setChosen] = useState<string | null>(null);
  const [logarithmic, setLogarithmic] = useState(false);
  const [lines, setLines] = useState<string>(ALL);
  const x = chosen !== null && fields.includes(chosen) ? chosen : likelyX(first);
  const others = fields.filter((field) => field !== x);
  const by = others.includes(lines) ? lines : null;
  const plot = useMemo(() => (x === null ? null : plotOf(subjects, { figure, x, by })), [subjects, figure, x, by]);
  if (!plot || x === null) return null;
  return (
    <Card aria-label="Plot">
      <div className={classes.axes}>
        <NativeSelect
          label="Figure"
          data={figures.map(({ id, name }) => ({ value: id, label: name }))}
          value={figure.id}
          onChange={({ currentTarget }) => onFigure(currentTarget.value)}
        />
        <NativeSelect label="Over" data={fields} value={x} onChange={({ currentTarget }) => setChosen(currentTarget.value)} />
        {others.length > 1 && (
          <NativeSelect
            label="A line for each"
            data={[
              { value: ALL, label: others.join(' × ') },
              ...others.map((field) => ({ value: field, label: `${field}, mean over the rest` })),
            ]}
            value={by ?? ALL}
            onChange={({ currentTarget }) => setLines(currentTarget.value)}
          />
        )}
      </div>
      <CardHead>
        <Hint>
          {figure.title} {figure.better === 'higher' ? 'Higher is better.' : 'Lower is better.'}
        </Hint>
        {plot.kind === 'line' && (
          <Switch label="Logarithmic" checked={logarithmic} onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)} />
        )}
      </CardHead>
      {plot.series.length > 0 ? (
        <div className={classes.plot}>
          <PlotView plot={plot} logarithmic={logarithmic && plot.kind === 'line'} />
        </div>
      ) : (
        <Hint>No run has this figure yet.</Hint>
      )}
    </Card>
  );
}
