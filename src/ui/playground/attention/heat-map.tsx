/** The chosen head large: tokens on both axes, the weight under the pointer or the arrow keys, the selected query marked. */
import { useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTokenLabel } from '../../kit/model/use-token-label.ts';
import { css, heatScale, type Scheme } from '../../kit/colour/colour.ts';
import classes from './attention.module.css';
import type { Head } from './attention-map.ts';
import { HeadCanvas } from './head-canvas.tsx';
import type { Scale } from './rasterise.ts';
import type { AttentionView } from './use-attention.ts';

interface Props {
  view: AttentionView;
  head: Head;
  scheme: Scheme;
  scale: Scale;
  skipFirst: boolean;
  selected: number | null;
  onSelect: (query: number) => void;
}

interface Cell {
  query: number;
  key: number;
}

const PIXELS = 1024;
/** Labels along an axis at most: more would overlap. */
const LABELS = { wide: 36, narrow: 20 };

export function HeatMap({ view, head, scheme, scale, skipFirst, selected, onSelect }: Props) {
  const { map, tokens, layer } = view;
  const { size } = map;
  const plot = useRef<HTMLDivElement>(null);
  const [cell, setCell] = useState<Cell | null>(null);
  const shown = cell && cell.query < size && cell.key < size ? cell : null;
  const label = useTokenLabel();
  const text = (index: number) => label(tokens[index]);

  const cellAt = (event: PointerEvent): Cell | null => {
    const box = plot.current?.getBoundingClientRect();
    if (!box) return null;
    const place = (at: number, from: number, length: number) => Math.min(size - 1, Math.max(0, Math.floor(((at - from) / length) * size)));
    return { query: place(event.clientY, box.top, box.height), key: place(event.clientX, box.left, box.width) };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [0, 0];
    const from = shown ?? { query: selected ?? size - 1, key: 0 };
    if (event.key === 'Enter' || event.key === ' ') onSelect(from.query);
    else if (!down && !right) return;
    else
      setCell({
        query: Math.min(size - 1, Math.max(0, from.query + (down ?? 0))),
        key: Math.min(size - 1, Math.max(0, from.key + (right ?? 0))),
      });
    event.preventDefault();
  };

  const marked = shown?.query ?? selected;
  const every = Math.ceil(size / (useMediaQuery('(max-width: 40em)') ? LABELS.narrow : LABELS.wide));
  const labelled = Array.from({ length: Math.ceil(size / every) }, (_, index) => index * every);
  const percent = (index: number) => `${(100 * index) / size}%`;
  const cellSize: Record<string, string> = { '--cell': `${100 / size}%` };
  const name = head === 'mean' ? 'mean of heads' : `head ${head}`;

  return (
    <figure className={classes.large}>
      <div className={classes.axes} style={cellSize}>
        <span className={classes.axisName}>
          key →<br />
          query ↓
        </span>
        <div className={classes.keys} aria-hidden="true">
          {labelled.map((index) => (
            <span key={index} style={{ left: percent(index + 0.5) }}>
              {text(index)}
            </span>
          ))}
          {shown && (
            <span data-on style={{ left: percent(shown.key + 0.5) }}>
              {text(shown.key)}
            </span>
          )}
        </div>
        <div className={classes.queries} aria-hidden="true">
          {labelled.map((index) => (
            <span key={index} style={{ top: percent(index + 0.5) }}>
              {text(index)}
            </span>
          ))}
          {marked !== null && marked < size && (
            <span data-on style={{ top: percent(marked + 0.5) }}>
              {text(marked)}
            </span>
          )}
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a canvas of cells: the application role gives it the arrow keys */}
        <div
          ref={plot}
          className={classes.plot}
          role="application"
          aria-roledescription="heat map"
          aria-label={`Attention of layer ${layer}, ${name}. Arrow keys move from cell to cell, Enter selects the query.`}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          onPointerMove={(event) => setCell(cellAt(event))}
          onPointerDown={(event) => setCell(cellAt(event))}
          onPointerLeave={() => setCell(null)}
          onBlur={() => setCell(null)}
          onKeyDown={onKeyDown}
          onClick={() => shown && onSelect(shown.query)}
        >
          <HeadCanvas map={map} head={head} pixels={PIXELS} scheme={scheme} scale={scale} skipFirst={skipFirst} />
          {selected !== null && selected < size && <span className={classes.selectedRow} style={{ top: percent(selected) }} />}
          {shown && (
            <>
              <span className={classes.hoverRow} style={{ top: percent(shown.query) }} />
              <span className={classes.hoverColumn} style={{ left: percent(shown.key) }} />
            </>
          )}
        </div>
      </div>
      <figcaption className={classes.readout}>
        <output aria-live="polite">
          {shown ? (
            <>
              <code>{text(shown.query)}</code>
              <sub>{shown.query}</sub> → <code>{text(shown.key)}</code>
              <sub>{shown.key}</sub>{' '}
              <b className="gb-num">{shown.key > shown.query ? 'masked' : map.weight(head, shown.query, shown.key).toFixed(4)}</b>
            </>
          ) : (
            'Point at a cell for its weight; click a row to tint the text by it.'
          )}
        </output>
        <Legend scheme={scheme} scale={scale} greatest={map.greatest(head, skipFirst)} />
      </figcaption>
    </figure>
  );
}

function Legend({ scheme, scale, greatest }: { scheme: Scheme; scale: Scale; greatest: number }) {
  const colours = heatScale(scheme);
  const stops = Array.from({ length: 17 }, (_, index) => css(colours[Math.round((index * (colours.length - 1)) / 16)]!));
  const middle = scale === 'root' ? greatest / 4 : greatest / 2;
  return (
    <span className={classes.legend}>
      <span style={{ background: `linear-gradient(90deg, ${stops.join(', ')})` }} aria-hidden="true" />
      <span className="gb-num">0</span>
      <span className="gb-num">{scale === 'query' ? '' : middle.toFixed(2)}</span>
      <span className="gb-num">{scale === 'query' ? 'most' : greatest.toFixed(2)}</span>
    </span>
  );
}
