/** What Ctrl-K finds of the tests: every example of the contract, and the user's own cases. */
import { routes } from '../../contract/index.ts';
import { localTexts } from '../../environment/text-store.ts';
import { place } from '../kit/search/entry.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import { endpointOf, hrefOf, keyOf } from './cases.ts';
import { loadOwn, toTestCase } from './own-cases.ts';

export const search: PanelSearch = {
  parts: [
    { label: 'Watch', description: 'Runs the cases that a change touches', keywords: 'watch mode rerun automatic' },
    {
      label: 'Both transports',
      description: 'Sends each case over RESTful and direct, and compares the answers',
      keywords: 'parity compare rest',
    },
    { label: 'Add a case', description: 'A test case of your own', keywords: 'own test new write' },
  ],
  groups: () => [
    {
      group: 'Test cases',
      entries: routes.flatMap((route) =>
        route.endpoint.examples.map(({ name, description }) =>
          place({
            href: hrefOf({ key: keyOf(route.service, name) }),
            label: name,
            description: `${endpointOf(route)}: ${description}`,
            icon: 'tests',
            keywords: 'test case',
          }),
        ),
      ),
    },
  ],
  kept: () => [
    {
      group: 'Test cases of yours',
      entries: loadOwn(localTexts).flatMap((own) => {
        const test = toTestCase(own);
        if (!test) return [];
        const description = [test.endpoint, own.description].filter(Boolean).join(': ');
        return place({ href: hrefOf(test), label: own.name, description, icon: 'tests', keywords: 'test case own yours' });
      }),
    },
  ],
};
