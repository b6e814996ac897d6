/** Joins what is selected in the text with the attention that explains it: one selection, one layer and head, one tint. */
import { useCallback, useMemo, useState } from 'react';
import type { ModelState } from '../kit/model/use-model.ts';
import { type AttentionChoice, FIRST_CHOICE } from './attention/attention-inspector.tsx';
import { type AttentionView, useAttention } from './attention/use-attention.ts';
import { attentionLevel } from '../kit/colour/colour.ts';
import type { Run } from './run.ts';
import type { AttendedToken } from './token-card.tsx';
import type { Tint } from './token-flow.tsx';
import { useRunPhase } from './use-run.ts';

/** Keys that a token's card lists. */
const LISTED = 5;

export function useInspection(run: Run | null, model: ModelState | undefined) {
  const [choice, setChoice] = useState<AttentionChoice>(FIRST_CHOICE);
  const [tint, setTint] = useState<Tint>('probability');
  // Of one branch: another branch has other tokens at the same places.
  const [selection, setSelection] = useState<{ of: unknown; token: number } | null>(null);
  const phase = useRunPhase(run);
  const active = run?.active ?? null;
  const selected = selection && selection.of === active ? selection.token : null;
  const select = useCallback((token: number | null) => setSelection(token === null ? null : { of: active, token }), [active]);

  const layers = model?.num_layers ?? 0;
  const layer = Math.min(choice.layer ?? Math.floor(layers / 2), Math.max(0, layers - 1));
  const absent = whyAbsent(run, model);
  const live = run?.live ?? false;
  // Tokens are appended in place: `phase` tells when they are whole.
  // oxlint-disable-next-line react/exhaustive-deps
  const tokens = useMemo(() => (run && active && !live ? run.sequence(active) : null), [run, active, live, phase]);
  const { data, error, isFetching, isPlaceholderData, refetch } = useAttention({
    tokens,
    layer,
    heads: model?.num_attention_heads ?? 1,
    weightsHash: model?.weights?.weights_hash,
    enabled: absent === null && (choice.open || tint === 'attention'),
  });
  // Kept from the last question while the next is asked; of another sequence it would explain the wrong text.
  const view = data && tokens && startsWith(tokens, data) ? data : undefined;

  const query = selected ?? (tint === 'attention' && view ? view.map.size - 1 : null);
  const levels = useMemo(
    () => (tint === 'attention' && view && query !== null && query < view.map.size ? levelsFrom(view, choice, query) : null),
    [tint, view, query, choice],
  );
  const attended = useCallback(
    (token: number): AttendedToken[] | null => (view && token < view.map.size ? mostAttended(view, choice, token) : null),
    [view, choice],
  );

  return {
    choice: { ...choice, layer },
    update: useCallback((change: Partial<AttentionChoice>) => setChoice((now) => ({ ...now, ...change })), []),
    tint,
    setTint,
    selected: tint === 'attention' ? query : selected,
    select,
    levels,
    attended,
    /** Every token of the branch in sight; null while it grows. */
    sequence: tokens,
    attention: {
      view,
      layers,
      length: tokens?.length ?? 0,
      busy: isFetching || isPlaceholderData,
      error: error ?? null,
      onRetry: () => void refetch(),
      absent,
    },
  };
}

export type Inspection = ReturnType<typeof useInspection>;

function whyAbsent(run: Run | null, model: ModelState | undefined): string | null {
  if (model && !model.hook_points.some(({ name }) => name.startsWith('attentions')))
    return 'This model has no hook points: it came as a ready-made graph. Load the safetensors of the same model to look inside.';
  if (!run) return 'Generate something first: its tokens are then run once more to look inside.';
  if (run.weightsHash !== model?.weights?.weights_hash)
    return 'Another model was loaded since this was generated. Generate again to look inside it.';
  if (run.live) return 'Shown as soon as the generation ends.';
  if (run.promptError) return 'The prompt could not be tokenized, so there is no sequence to run.';
  return null;
}

function startsWith(tokens: readonly { id: number }[], view: AttentionView): boolean {
  return view.tokens.length <= tokens.length && view.tokens.every(({ id }, index) => tokens[index]?.id === id);
}

function levelsFrom({ map }: AttentionView, { head, skipFirst }: AttentionChoice, query: number): Uint8Array {
  const weights = map.from(head, query);
  if (skipFirst && query > 0) weights[0] = 0;
  const greatest = weights.reduce((a, b) => Math.max(a, b), 0);
  return Uint8Array.from(weights, (weight) => attentionLevel(weight, greatest));
}

function mostAttended({ map, tokens }: AttentionView, { head }: AttentionChoice, query: number): AttendedToken[] {
  return [...map.from(head, query).subarray(0, query + 1)]
    .map((weight, index) => ({ weight, index, token: tokens[index]! }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, LISTED);
}
