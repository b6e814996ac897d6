/** What the browser would not keep, and why: here where it happens, told once by the page. */
import { Observable } from './observable.ts';

export interface Refusal {
  /** What lasts no longer than the page, in plain words: "patches". */
  what: string;
  /** `newer`: what lies there is of a newer version of Glassbox, which this one does not touch. */
  why: 'denied' | 'full' | 'newer';
}

let here: readonly Refusal[] = [];
let elsewhere: readonly Refusal[] = [];
export const refusals = new Observable<readonly Refusal[]>([]);

export function noteRefusal({ what, why }: Refusal): void {
  if (!here.some((each) => each.what === what && each.why === why))
    change([...here.filter((each) => each.what !== what), { what, why }], elsewhere);
}

/** It is kept after all: there is room again. */
export function noteKept(what: string): void {
  if (here.some((each) => each.what === what))
    change(
      here.filter((each) => each.what !== what),
      elsewhere,
    );
}

export const refusalOf = (what: string, error: unknown): Refusal => ({ what, why: reasonIn(error) });

/** Told by the error's name; whatever else a store says, it does not keep. */
function reasonIn(error: unknown): Refusal['why'] {
  const name = error instanceof Error ? error.name : '';
  if (name === 'VersionError') return 'newer';
  return /quota/i.test(name) ? 'full' : 'denied';
}

/** All that the worker noted. */
export const noteElsewhere = (refusals: readonly Refusal[]): void => change(here, refusals);

function change(nextHere: readonly Refusal[], nextElsewhere: readonly Refusal[]): void {
  here = nextHere;
  elsewhere = nextElsewhere;
  refusals.set([...here, ...elsewhere]);
}
