/** Which field an error belongs to: the one that claims its path, or the nearest around it. What no field claims is left for the form to say. */
import { type ErrorItem, placeName } from '../../../contract/index.ts';

export interface PlacedFaults {
  /** By the path that a field claims. */
  at: ReadonlyMap<string, readonly ErrorItem[]>;
  unclaimed: readonly ErrorItem[];
}

export function placeFaults(errors: readonly ErrorItem[], claimed: ReadonlySet<string>): PlacedFaults {
  const at = new Map<string, ErrorItem[]>();
  const unclaimed: ErrorItem[] = [];
  for (const error of errors) {
    const claim = nearestClaim(error.path, claimed);
    if (claim === null) unclaimed.push(error);
    else at.set(claim, [...(at.get(claim) ?? []), error]);
  }
  return { at, unclaimed };
}

/** Of a path that is no JSON Pointer, only the claim of that very name. The whole input is no field. */
function nearestClaim(path: string, claimed: ReadonlySet<string>): string | null {
  for (let place = path; place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) if (claimed.has(place)) return place;
  return null;
}

/** The field by its name on the page, and what of it: `Priorities[1] must be a whole number; it is 1.5.` */
export function sentenceAt(name: string, claim: string, { path, message }: ErrorItem): string {
  const within = path.slice(claim.length);
  const place = within === '' ? '' : placeName(within);
  return `${name}${place === '' || place.startsWith('[') ? place : `.${place}`} ${message}`.trim();
}
