/** What each role of the workbench calls by name, over one client: on the page and in scripts alike. */
import type { Client } from './client.ts';
import { Designer } from './designer.ts';
import { Researcher } from './researcher.ts';
import { Tester } from './tester.ts';

export interface Roles {
  designer: Designer;
  researcher: Researcher;
  tester: Tester;
}

export const rolesOf = (client: Client): Roles => ({
  designer: new Designer(client),
  researcher: new Researcher(client),
  tester: new Tester(client),
});
