/** What Ctrl-K finds of the scripts: examples, those kept in this browser, and those that the code service holds. */
import { scriptHref } from '../kit/address/script-link.ts';
import { place } from '../kit/search/entry.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import { catalogue } from './catalogue.ts';

export const search: PanelSearch = {
  kept: () => [
    {
      group: 'Scripts',
      // Those of the code service come with what it holds.
      entries: catalogue.entries
        .get()
        .filter(({ from }) => from !== 'service')
        .map((script) =>
          place({
            href: scriptHref(script),
            label: script.title,
            description: script.from === 'example' ? 'example' : 'yours',
            icon: 'terminal',
            keywords: `script ${script.id}`,
          }),
        ),
    },
  ],
  held: async (direct, signal) => {
    const { resources } = await direct.get('code', 'resources', {}, { signal });
    return [
      {
        group: 'Scripts in the code service',
        entries: resources
          .filter(({ kind }) => kind === 'script')
          .map(({ id, title, description }) =>
            place({ href: scriptHref({ id }), label: title, description: `${id}: ${description}`, icon: 'terminal', keywords: 'script' }),
          ),
      },
    ];
  },
};
