/** What the panel asks of the code service, as queries: the list, one resource, its history. */
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../../client/client.ts';
import type { Input, Output } from '../../../contract/index.ts';

export type Summary = Output<'code', 'resources'>['resources'][number];
export type Resource = Output<'code', 'resource'>;
export type Revision = Output<'code', 'revisions'>['revisions'][number];
export type CodeTest = Output<'code', 'testResource'>;
export type Patch = Input<'code', 'patch'>;
export type Language = Resource['language'];
/** What checking a candidate found, whoever asked. */
export type Report = Pick<CodeTest, 'passed' | 'failed' | 'cases' | 'diagnostics' | 'compile_ms' | 'test_ms'> &
  Partial<Pick<CodeTest, 'effect'>>;

export const codeKey = ['code'] as const;

/** Asked again and again, so by the port: it must not fill the network panel of someone who watches their own calls. */
export const resourcesQuery = (client: Client) =>
  queryOptions({
    queryKey: [...codeKey, 'resources'],
    queryFn: ({ signal }) => client.via('direct').get('code', 'resources', {}, { signal }),
    select: ({ resources }) => resources,
    // Scripts and other tabs patch too.
    refetchInterval: ({ state }) => (state.status === 'error' ? false : 3000),
    retry: false,
  });

/** @param revision active: another one is another answer */
export const resourceQuery = (client: Client, id: string, revision: string | undefined) =>
  queryOptions({
    queryKey: [...codeKey, 'resource', id, revision],
    queryFn: ({ signal }) => client.get('code', 'resources/{id}', { id }, { signal }),
    enabled: revision !== undefined,
    retry: false,
  });

export const revisionsQuery = (client: Client, id: string, revision: string | undefined) =>
  queryOptions({
    queryKey: [...codeKey, 'revisions', id, revision],
    queryFn: ({ signal }) => client.get('code', 'resources/{id}/revisions', { id }, { signal }),
    select: ({ revisions }) => revisions,
    enabled: revision !== undefined,
    retry: false,
  });
