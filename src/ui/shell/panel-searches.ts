/** What each panel that has something to find hands to Ctrl-K, by its address. */
import { search as access } from '../access/search.ts';
import { search as code } from '../code/search.ts';
import { search as computation } from '../computation/search.ts';
import { search as explorer } from '../explorer/search.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import { search as memory } from '../memory/search.ts';
import { search as playground } from '../playground/search.ts';
import { search as scheduler } from '../scheduler/search.ts';
import { search as scripts } from '../scripts/search.ts';
import { search as tests } from '../tests/search.ts';

export const panelSearches: Readonly<Record<string, PanelSearch>> = {
  '/playground': playground,
  '/api': explorer,
  '/scripts': scripts,
  '/code': code,
  '/tests': tests,
  '/memory': memory,
  '/scheduler': scheduler,
  '/computation': computation,
  '/access': access,
};
