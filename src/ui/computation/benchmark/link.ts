/** A link that chose what is measured: `?kernel=naive` or `?plan=default`, each as often as one likes. */
import { addressRemarks } from '../../kit/address/address-remarks.ts';
import { linkedText } from '../../kit/address/linked-text.ts';
import { type BenchmarkDraft, EMPTY } from './benchmark-draft.ts';

type Named = readonly { id: string }[];

/** Null where the link names nobody. */
export function linkedBy(search: string): BenchmarkDraft | null {
  const { kernels, plans } = namesIn(search);
  return kernels.length + plans.length > 0 ? { ...EMPTY, kernels, plans } : null;
}

/** Those of the chosen that there are; the same draft where all are there. */
export function withKnown(draft: BenchmarkDraft, kernels: Named, plans: Named): BenchmarkDraft {
  const known = { ...draft, kernels: draft.kernels.filter(isIn(kernels)), plans: draft.plans.filter(isIn(plans)) };
  return known.kernels.length + known.plans.length === draft.kernels.length + draft.plans.length ? draft : known;
}

/** What of the link says nothing here, in sentences. */
export function remarksOn(search: string, kernels: Named, plans: Named): string[] {
  const given = namesIn(search);
  const missing = (what: string, ids: readonly string[], known: Named) =>
    ids.filter((id) => !isIn(known)(id)).map((id) => `There is no ${what} “${linkedText(id)}”.`);
  return [
    ...missing('kernel', given.kernels, kernels),
    ...missing('plan', given.plans, plans),
    ...addressRemarks(search, { names: [], several: ['kernel', 'plan'], of: 'the benchmark' }),
  ];
}

export const isSame = (a: BenchmarkDraft, b: BenchmarkDraft): boolean => JSON.stringify(a) === JSON.stringify(b);

function namesIn(search: string) {
  const given = new URLSearchParams(search);
  return { kernels: [...new Set(given.getAll('kernel'))], plans: [...new Set(given.getAll('plan'))] };
}

const isIn = (known: Named) => (id: string) => known.some((each) => each.id === id);
