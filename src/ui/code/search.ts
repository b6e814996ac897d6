/** What Ctrl-K finds of the code panel: resources that can be patched, and patches to start from. */
import { place } from '../kit/search/entry.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import { starters } from './starters.ts';

export const search: PanelSearch = {
  readyMade: starters.map(({ resource, name, description }) =>
    place({
      id: `starter:${resource}:${name}`,
      href: `/code/${resource}`,
      label: name,
      description: `patch of ${resource}: ${description}`,
      icon: 'code',
      keywords: 'starter try it ready-made',
    }),
  ),
  held: async (direct, signal) => {
    const { resources } = await direct.get('code', 'resources', {}, { signal });
    return [
      {
        group: 'Code',
        entries: resources
          .filter(({ kind }) => kind !== 'script')
          .map(({ id, title, patched }) =>
            place({
              href: `/code/${id}`,
              label: title,
              description: `${id}${patched ? ', patched' : ''}`,
              icon: 'code',
              keywords: 'code resource patch',
            }),
          ),
      },
    ];
  },
};
