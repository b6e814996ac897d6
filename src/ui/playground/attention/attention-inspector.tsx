/** Looks into the attention of the sequence in sight: a layer, all of its heads small, one of them large. */
import { Button, NativeSelect, SegmentedControl, Switch, Tooltip, useComputedColorScheme } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import { FoldSection } from '../../kit/fold-section/fold-section.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from './attention.module.css';
import type { Head } from './attention-map.ts';
import { HeadGrid } from './head-grid.tsx';
import { HeadMap } from './head-map.tsx';
import type { Scale } from './rasterise.ts';
import type { AttentionView } from './use-attention.ts';

export interface AttentionChoice {
  open: boolean;
  /** The middle one while none was chosen: the first layers look everywhere. */
  layer: number | null;
  head: Head;
  scale: Scale;
  /** Without the first token, which collects the weight that heads have no use for. */
  skipFirst: boolean;
}

export const FIRST_CHOICE: AttentionChoice = { open: false, layer: null, head: 'mean', scale: 'root', skipFirst: true };

const SCALES: readonly { value: Scale; label: string }[] = [
  { value: 'linear', label: 'Linear' },
  { value: 'root', label: '√' },
  { value: 'query', label: 'By query' },
];

interface Props {
  choice: AttentionChoice & { layer: number };
  onChange: (change: Partial<AttentionChoice>) => void;
  layers: number;
  /** Tokens of the whole sequence; 0 while there is none. */
  length: number;
  view: AttentionView | undefined;
  busy: boolean;
  error: unknown;
  onRetry: () => void;
  /** Why there is nothing to look into, or null. */
  absent: string | null;
  selected: number | null;
  onSelect: (token: number) => void;
}

export function AttentionInspector({ choice, onChange, layers, length, view, busy, error, onRetry, absent, selected, onSelect }: Props) {
  const scheme = useComputedColorScheme('light');
  const { open, layer, head, scale, skipFirst } = choice;
  const shownHead = view && head !== 'mean' && head >= view.map.heads ? 'mean' : head;
  return (
    <FoldSection
      title="Attention"
      hint="Which tokens each head attends to, layer by layer"
      open={open}
      onToggle={(next) => onChange({ open: next })}
      tools={
        !absent && (
          <div className="gb-row">
            <LayerSelect layer={layer} layers={layers} onLayer={(next) => onChange({ layer: next })} />
            <Tooltip label="Colour by weight, by its square root (small weights show), or relative to the greatest of each query">
              <SegmentedControl
                aria-label="Colour scale"
                data={[...SCALES]}
                value={scale}
                onChange={(value) => onChange({ scale: SCALES.find((each) => each.value === value)?.value ?? 'linear' })}
              />
            </Tooltip>
            <Tooltip label="The first token collects the weight that heads have no use for (an attention sink); leaving it out shows the rest">
              <Switch
                label="hide first token"
                checked={skipFirst}
                onChange={(event) => onChange({ skipFirst: event.currentTarget.checked })}
              />
            </Tooltip>
          </div>
        )
      }
    >
      {absent && <p className="gb-muted">{absent}</p>}
      {!absent && error !== null && <ProblemAlert error={error} onRetry={onRetry} />}
      {!absent && error === null && (
        <div className={classes.body} data-busy={busy || undefined} aria-busy={busy}>
          {!view && <p className="gb-muted">Running the sequence once more, with layer {layer} tapped…</p>}
          {view && (
            <>
              {view.map.size < length && (
                <p className={classes.cut}>
                  The first {view.map.size} of {length} tokens: more weights than fit one call. Attention is causal, so what is shown is
                  exact.
                </p>
              )}
              <HeadGrid
                view={view}
                head={shownHead}
                onHead={(next) => onChange({ head: next })}
                scheme={scheme}
                scale={scale}
                skipFirst={skipFirst}
              />
              <HeadMap
                view={view}
                head={shownHead}
                scheme={scheme}
                scale={scale}
                skipFirst={skipFirst}
                selected={selected}
                onSelect={onSelect}
              />
            </>
          )}
        </div>
      )}
    </FoldSection>
  );
}

function LayerSelect({ layer, layers, onLayer }: { layer: number; layers: number; onLayer: (layer: number) => void }) {
  return (
    <div className={classes.layer}>
      <Button variant="default" px={6} aria-label="Previous layer" disabled={layer <= 0} onClick={() => onLayer(layer - 1)}>
        <Icon name="chevron" size={12} style={{ transform: 'rotate(180deg)' }} />
      </Button>
      <NativeSelect
        aria-label="Layer"
        data={Array.from({ length: layers }, (_, index) => ({ value: String(index), label: `layer ${index}` }))}
        value={String(layer)}
        onChange={(event) => onLayer(Number(event.currentTarget.value))}
      />
      <Button variant="default" px={6} aria-label="Next layer" disabled={layer >= layers - 1} onClick={() => onLayer(layer + 1)}>
        <Icon name="chevron" size={12} />
      </Button>
    </div>
  );
}
