/** What Ctrl-K finds of the access panel. */
import type { PanelSearch } from '../kit/search/panel-search.ts';

export const search: PanelSearch = {
  parts: [
    {
      label: 'Require tokens',
      description: 'Whether callers of the RESTful transport need a token',
      keywords: 'authentication authorization auth bearer security guard',
      selector: 'section[aria-label="Require tokens"] input',
    },
    {
      label: 'New token',
      description: 'Give out a token with scopes and an end',
      keywords: 'create api key secret scope read run patch admin',
      selector: 'form[aria-label="New token"] input',
    },
    { label: 'Tokens', description: 'Those that were given out: last use, revoke', keywords: 'api keys revoke expiry' },
  ],
};
