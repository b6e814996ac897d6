/** All filters by name. */
import type { Filter } from './filter.ts';
import { SEQUENCE_FILTERS } from './sequence-filters.ts';
import { TEXT_FILTERS } from './text-filters.ts';
import { VALUE_FILTERS } from './value-filters.ts';

export const FILTERS: ReadonlyMap<string, Filter> = new Map(Object.entries({ ...TEXT_FILTERS, ...SEQUENCE_FILTERS, ...VALUE_FILTERS }));
