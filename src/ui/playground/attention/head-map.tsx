/** The chosen head large: tokens on both axes, the weight under the pointer or the arrow keys, the selected query marked. */
import { useMemo, useState } from 'react';
import type { Cell } from '../../kit/heat-map/cells.ts';
import { HeatMap } from '../../kit/heat-map/heat-map.tsx';
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

export function HeadMap({ view, head, scheme, scale, skipFirst, selected, onSelect }: Props) {
  const { map, tokens, layer } = view;
  const { size } = map;
  const [cell, setCell] = useState<Cell | null>(null);
  const shown = cell && cell.row < size && cell.column < size ? cell : null;
  const label = useTokenLabel();
  const names = useMemo(() => tokens.slice(0, size).map((token) => label(token)), [tokens, size, label]);
  const name = head === 'mean' ? 'mean of heads' : `head ${head}`;

  return (
    <HeatMap
      label={`Attention of layer ${layer}, ${name}. Arrow keys move from cell to cell, Enter selects the query.`}
      rows={{ title: 'query ↓ key →', names }}
      columns={{ title: null, names }}
      cell={shown}
      start={{ row: selected ?? size - 1, column: 0 }}
      onCell={setCell}
      onChoose={({ row }) => onSelect(row)}
      chosenRow={selected}
      maxWidth="40rem"
      picture={<HeadCanvas map={map} head={head} pixels={PIXELS} scheme={scheme} scale={scale} skipFirst={skipFirst} />}
    >
      {shown ? (
        <span>
          <code>{names[shown.row]}</code>
          <sub>{shown.row}</sub> → <code>{names[shown.column]}</code>
          <sub>{shown.column}</sub>{' '}
          <b className="gb-num">{shown.column > shown.row ? 'masked' : map.weight(head, shown.row, shown.column).toFixed(4)}</b>
        </span>
      ) : (
        <span>Point at a cell for its weight; click a row to tint the text by it.</span>
      )}
      <Legend scheme={scheme} scale={scale} greatest={map.greatest(head, skipFirst)} />
    </HeatMap>
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
