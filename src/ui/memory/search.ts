/** What Ctrl-K finds of the memory panel. */
import type { PanelSearch } from '../kit/search/panel-search.ts';

export const search: PanelSearch = {
  parts: [
    {
      label: 'Map of blocks',
      description: 'Every KV block and who holds it',
      keywords: 'kv cache paged',
      selector: 'section[aria-label="Map of blocks"] [tabindex]',
    },
    { label: 'Memory plan', description: 'Tiers, block size, strategy, eviction', keywords: 'strategy offload gpu cpu disk' },
    {
      label: 'Held by hand',
      description: 'Blocks that you allocate and free',
      keywords: 'allocation allocate free',
      selector: 'section[aria-label="Held by hand"] input',
    },
  ],
};
