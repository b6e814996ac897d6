/** Where in the view one is, as its address says it: which experiment is open, beside which other, or the one that a link carries. */
import { addressRemarks } from '../../kit/address/address-remarks.ts';

export interface Address {
  /** The experiment that is open. */
  id: string | null;
  /** The one that it is compared with. */
  beside: string | null;
  /** A packed experiment that is not kept here yet. */
  linked: string | null;
  /** The plan that a new one begins with. */
  plan: string | null;
  /** What of it is not read, in sentences. */
  remarks: readonly string[];
}

export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search);
  return {
    id: parameters.get('id'),
    beside: parameters.get('with'),
    linked: parameters.get('experiment'),
    plan: parameters.get('plan'),
    remarks: addressRemarks(search, { names: ['id', 'with', 'experiment', 'plan'], of: 'the experiments' }),
  };
}

export function addressOf({ id, beside }: { id?: string | null; beside?: string | null }): string {
  const parameters = new URLSearchParams({ ...(id && { id }), ...(beside && { with: beside }) });
  return `/computation/experiments${parameters.size > 0 ? `?${parameters}` : ''}`;
}
