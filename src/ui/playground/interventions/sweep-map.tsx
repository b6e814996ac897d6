/** What a change does in each layer and at each token: a heat map whose cells are buttons. */
import { counted } from '../../../environment/counted.ts';
import { useComputedColorScheme } from '@mantine/core';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { css, heatScale } from '../../kit/colour/colour.ts';
import { cellByKey } from '../../kit/heat-map/cells.ts';
import classes from './interventions.module.css';
import { followSize } from '../../kit/follow-size.ts';
import type { Sweep } from './use-sweep.ts';

interface Props {
  sweep: Sweep;
  /** Label of the token at a position. */
  text: (position: number) => string;
  onChoose: (layer: number, token: number) => void;
}

export function SweepMap({ sweep: { columns, first, numLayers }, text, onChoose }: Props) {
  const colours = heatScale(useComputedColorScheme('light'));
  const [current, setCurrent] = useState<readonly [layer: number, column: number]>([0, 0]);
  const [pointed, setPointed] = useState<readonly [layer: number, column: number] | null>(null);
  const [scroller, unseen] = useOpenAtEnd(columns.length);
  const greatest = Math.max(...columns.flat(), Number.MIN_VALUE);
  const colour = (value: number) => css(colours[Math.round(Math.sqrt(Math.max(value, 0) / greatest) * (colours.length - 1))]!);
  const name = (layer: number, column: number) =>
    `layer ${layer}, token ${first + column} ${text(first + column)}: ${columns[column]![layer]!.toPrecision(3)} nats`;

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const next = cellByKey(event.key, { row: current[0], column: current[1] }, { rows: numLayers, columns: columns.length });
    if (!next) return;
    event.preventDefault();
    const { row: layer, column } = next;
    setCurrent([layer, column]);
    event.currentTarget.querySelector<HTMLButtonElement>(`[data-cell="${layer}/${column}"]`)?.focus();
  };

  return (
    <figure className={classes.sweep}>
      {unseen.before + unseen.after > 0 && (
        <p className={classes.unseenColumns}>
          <span>{unseen.before > 0 && `← ${counted(unseen.before, 'token')} before`}</span>
          <span>{unseen.after > 0 && `${counted(unseen.after, 'token')} after →`}</span>
        </p>
      )}
      <div ref={scroller} className={classes.scroll}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move between the buttons in its cells */}
        <table aria-label="KL divergence by layer and token" onKeyDown={onKeyDown} onPointerLeave={() => setPointed(null)}>
          <tbody>
            {Array.from({ length: numLayers }, (_, layer) => (
              <tr key={layer}>
                <th scope="row" className="gb-num">
                  {layer}
                </th>
                {columns.map((values, column) => (
                  <td key={column}>
                    <button
                      type="button"
                      data-cell={`${layer}/${column}`}
                      tabIndex={layer === current[0] && column === current[1] ? 0 : -1}
                      aria-label={name(layer, column)}
                      style={{ background: colour(values[layer]!) }}
                      onPointerEnter={() => setPointed([layer, column])}
                      onFocus={() => {
                        setCurrent([layer, column]);
                        setPointed([layer, column]);
                      }}
                      onClick={() => onChoose(layer, first + column)}
                    />
                  </td>
                ))}
              </tr>
            ))}
            <tr aria-hidden="true">
              <th />
              {columns.map((_, column) => (
                <td key={column} className={classes.tokenName}>
                  <code>{text(first + column)}</code>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <figcaption className="gb-small gb-muted">
        {pointed && columns[pointed[1]]
          ? name(...pointed)
          : `Rows are layers, columns tokens; the strongest colour is ${greatest.toPrecision(2)} nats (square-root scale). Choose a cell to see what it does.`}
      </figcaption>
    </figure>
  );
}

/** The last tokens do most to the next one, so they are in sight first; what is out of sight is counted. */
function useOpenAtEnd(columns: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [unseen, setUnseen] = useState({ before: 0, after: 0 });
  useLayoutEffect(() => {
    const element = scroller.current!;
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      const after = scrollWidth - clientWidth - scrollLeft;
      isAtEnd.current = after < 2;
      const count = (width: number) => Math.round((width / scrollWidth) * columns);
      setUnseen({ before: count(scrollLeft), after: count(after) });
    };
    const follow = () => {
      if (isAtEnd.current) element.scrollLeft = element.scrollWidth;
      look();
    };
    follow();
    const unfollow = followSize(element, follow);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      unfollow();
      element.removeEventListener('scroll', look);
    };
  }, [columns]);
  return [scroller, unseen] as const;
}
