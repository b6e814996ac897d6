/** As whom the explorer sends RESTful requests: as this page, by a token that a person typed, or as nobody. In memory alone: it ends with the page. */
import { Observable } from '../../environment/observable.ts';
import { useObserved } from '../kit/use-observed.ts';

export type Credential = { kind: 'page' } | { kind: 'token'; token: string } | { kind: 'nobody' };

export const credential = new Observable<Credential>({ kind: 'page' });

export const useCredential = (): Credential => useObserved(credential);

/** For the options of a call: left out, the page's own is taken. */
export const tokenOf = (chosen: Credential): { token?: string | null } =>
  chosen.kind === 'page' ? {} : { token: chosen.kind === 'token' ? chosen.token : null };

/** In a few words, without the token's secret. */
export const credentialName = (chosen: Credential): string =>
  chosen.kind === 'page' ? 'as this page' : chosen.kind === 'nobody' ? 'without a token' : `as ${chosen.token.slice(0, 12)}`;
