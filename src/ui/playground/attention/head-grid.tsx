/** All heads of a layer side by side, each with the pattern that it shows most, to choose one from. */
import { useMemo } from 'react';
import type { Scheme } from '../../kit/colour/colour.ts';
import classes from './attention.module.css';
import { describePattern, type Head, headPattern } from './attention-map.ts';
import { HeadCanvas } from './head-canvas.tsx';
import type { Scale } from './rasterise.ts';
import type { AttentionView } from './use-attention.ts';

interface Props {
  view: AttentionView;
  head: Head;
  onHead: (head: Head) => void;
  scheme: Scheme;
  scale: Scale;
  skipFirst: boolean;
}

const THUMBNAIL_PIXELS = 128;

export function HeadGrid({ view, head, onHead, scheme, scale, skipFirst }: Props) {
  const { map, tokens, layer } = view;
  const heads = useMemo(() => {
    const ids = tokens.map(({ id }) => id);
    const all: Head[] = [...Array.from({ length: map.heads }, (_, index) => index), 'mean'];
    return all.map((each) => ({ head: each, pattern: each === 'mean' ? 'of all heads' : describePattern(headPattern(map, each, ids)) }));
  }, [map, tokens]);
  return (
    <div className={classes.grid} role="radiogroup" aria-label={`Heads of layer ${layer}`}>
      {heads.map(({ head: each, pattern }, index) => (
        <button
          key={each}
          type="button"
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an input cannot hold a canvas
          role="radio"
          aria-checked={each === head}
          tabIndex={each === head ? 0 : -1}
          className={classes.thumbnail}
          onClick={() => onHead(each)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            const next = (index + step + heads.length) % heads.length;
            onHead(heads[next]?.head ?? 0);
            (event.currentTarget.parentElement?.children[next] as HTMLElement | undefined)?.focus();
          }}
        >
          <HeadCanvas map={map} head={each} pixels={THUMBNAIL_PIXELS} scheme={scheme} scale={scale} skipFirst={skipFirst} />
          <span className={classes.name}>{each === 'mean' ? 'mean' : `head ${each}`}</span>
          <span className={classes.pattern}>{pattern}</span>
        </button>
      ))}
    </div>
  );
}
