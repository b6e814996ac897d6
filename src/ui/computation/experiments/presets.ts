/** Experiments worth one click, cut to what the active model can hold. */
import { type ExperimentDraft, type FieldValues, EMPTY_DRAFT } from './draft.ts';

export interface Preset {
  title: string;
  /** The question that it answers. */
  asks: string;
  /** @param context tokens that a sequence of the active model may have */
  draft: (context: number) => ExperimentDraft;
}

/** Assumed until a model says its own. */
export const USUAL_CONTEXT = 512;
/** A longer sequence takes minutes on a slow device. */
const LONGEST = 2048;

const experiment = (name: string, ...rows: FieldValues[]): ExperimentDraft => ({ ...EMPTY_DRAFT, name, rows });

/** Of whole sequences, longer than what is decoded of them. */
function lengths(context: number, decodeTokens: number): number[] {
  const room = Math.min(LONGEST, context);
  const doubling = [32, 64, 128, 256, 512, 1024, LONGEST].filter((length) => length > decodeTokens && length <= room);
  return doubling.length > 1 ? doubling.slice(-5) : [Math.max(decodeTokens + 1, room)];
}

/** No more than a share of the context, at least one token. */
const within = (context: number, share: number, wanted: number): number => Math.max(1, Math.min(wanted, Math.floor(context * share)));

export const PRESETS: readonly Preset[] = [
  {
    title: 'naive vs flash over lengths',
    asks: 'From which length on does an attention kernel pay?',
    draft: (context) => {
      const decodeTokens = within(context, 0.25, 16);
      return experiment(
        'naive vs flash over lengths',
        { field: 'kernel', values: ['naive', 'flash_attention'] },
        { field: 'seq_len', values: lengths(context, decodeTokens) },
        { field: 'decode_tokens', values: [decodeTokens] },
      );
    },
  },
  {
    title: 'paged vs static vs dynamic',
    asks: 'How many bytes of keys and values does each strategy hold for nothing?',
    draft: (context) =>
      experiment(
        'paged vs static vs dynamic',
        { field: 'memory_strategy', values: ['paged', 'static', 'dynamic'] },
        { field: 'batch_size', values: [1, 2, 4, 8] },
        { field: 'seq_len', values: [2 * within(context, 0.4, 40)] },
        { field: 'decode_tokens', values: [within(context, 0.4, 40)] },
      ),
  },
  {
    title: 'chunk sizes',
    asks: 'What does a smaller chunk of a prompt cost, and what does it save the others?',
    draft: (context) =>
      experiment(
        'chunk sizes',
        { field: 'chunk_size', values: [16, 32, 64, 128, 256] },
        { field: 'step_mode', values: ['prefill_first', 'mixed'] },
        { field: 'batch_size', values: [4] },
        { field: 'seq_len', values: [within(context, 0.75, 208)] },
        { field: 'decode_tokens', values: [within(context, 0.25, 16)] },
      ),
  },
  {
    title: 'batch sizes',
    asks: 'How far does the throughput grow with the sequences at once?',
    draft: (context) =>
      experiment(
        'batch sizes',
        { field: 'batch_size', values: [1, 2, 4, 8, 16] },
        { field: 'seq_len', values: [...new Set([within(context, 0.5, 56), within(context, 0.75, 152)])] },
        { field: 'decode_tokens', values: [within(context, 0.25, 24)] },
      ),
  },
];
