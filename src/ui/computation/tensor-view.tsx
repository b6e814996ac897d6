/** A tensor as a small picture with its figures; the numbers are one button away. */
import { useMemo } from 'react';
import type { Tensor } from '../../contract/index.ts';
import { PlotView } from '../kit/plot/plot-view.tsx';
import { formatNumber } from '../kit/json/shown.ts';
import classes from './computation.module.css';
import { tensorPreview } from './tensor-preview.ts';
import { Hint } from '../kit/layout/hint.tsx';

export function TensorView({ name, tensor }: { name: string; tensor: Tensor }) {
  const { plot, values, mean, nonFinite, cropped } = useMemo(() => tensorPreview(name, tensor), [name, tensor]);
  if (values)
    return (
      <p className={classes.few}>
        <span>{plot.title}</span>
        {values.map((value, i) => (
          <b key={i} className="gb-num">
            {formatNumber(value)}
          </b>
        ))}
      </p>
    );
  return (
    <div className={classes.tensor}>
      <PlotView plot={plot} />
      <Hint>
        {Number.isNaN(mean) ? 'No finite value.' : `Mean ${formatNumber(mean)}.`}
        {nonFinite > 0 && <b className="gb-bad"> {nonFinite.toLocaleString('en')} values are not finite.</b>}
        {cropped !== null && ` The picture has ${cropped}.`}
      </Hint>
    </div>
  );
}
