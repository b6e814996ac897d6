/** The chosen head large: tokens on both axes, the weight under the pointer or the arrow keys, the selected query marked. */
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { CellSurface } from '../../kit/heat-map/cell-surface.tsx';
import type { Cell } from '../../kit/heat-map/cells.ts';
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

const PIXELS = 1024;
/** Labels along an axis at most: more would overlap. */
const LABELS = { wide: 36, narrow: 20 };

export function HeatMap({ view, head, scheme, scale, skipFirst, selected, onSelect }: Props) {
  const { map, tokens, layer } = view;
  const { size } = map;
  const [cell, setCell] = useState<Cell | null>(null);
  const shown = cell && cell.row < size && cell.column < size ? cell : null;
  const label = useTokenLabel();
  const text = (index: number) => label(tokens[index]);

  const marked = shown?.row ?? selected;
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
            <span data-on style={{ left: percent(shown.column + 0.5) }}>
              {text(shown.column)}
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
        <CellSurface
          size={{ rows: size, columns: size }}
          cell={shown}
          start={{ row: selected ?? size - 1, column: 0 }}
          onCell={setCell}
          onChoose={({ row }) => onSelect(row)}
          className={classes.plot}
          aria-roledescription="heat map"
          aria-label={`Attention of layer ${layer}, ${name}. Arrow keys move from cell to cell, Enter selects the query.`}
        >
          <HeadCanvas map={map} head={head} pixels={PIXELS} scheme={scheme} scale={scale} skipFirst={skipFirst} />
          {selected !== null && selected < size && <span className={classes.selectedRow} style={{ top: percent(selected) }} />}
          {shown && (
            <>
              <span className={classes.hoverRow} style={{ top: percent(shown.row) }} />
              <span className={classes.hoverColumn} style={{ left: percent(shown.column) }} />
            </>
          )}
        </CellSurface>
      </div>
      <figcaption className={classes.readout}>
        <output aria-live="polite">
          {shown ? (
            <>
              <code>{text(shown.row)}</code>
              <sub>{shown.row}</sub> → <code>{text(shown.column)}</code>
              <sub>{shown.column}</sub>{' '}
              <b className="gb-num">{shown.column > shown.row ? 'masked' : map.weight(head, shown.row, shown.column).toFixed(4)}</b>
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
