/** The user's own cases, kept in this browser. */
import { z } from 'zod';
import { grantedScopes } from '../../contract/index.ts';
import { caseOf, type ListedExample, type TestCase } from './cases.ts';

const STORAGE_KEY = 'glassbox-test-cases';

const ownCase = z.object({
  name: z.string().min(1),
  description: z.string(),
  endpoint: z.string(),
  input: z.unknown(),
  expected_output: z.unknown().optional(),
  expected_error: z.string().optional(),
  validation_rules: z.record(z.string(), z.string()).optional(),
  tolerance: z.number().min(0).optional(),
  scopes: grantedScopes.optional(),
});

export type OwnCase = z.infer<typeof ownCase>;

/** What cannot be read is left out; the rest stays. */
export function loadOwn(storage: Pick<Storage, 'getItem'>): OwnCase[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.flatMap((each) => ownCase.safeParse(each).data ?? []) : [];
  } catch {
    return [];
  }
}

export function saveOwn(storage: Pick<Storage, 'setItem'>, cases: readonly OwnCase[]): void {
  storage.setItem(STORAGE_KEY, JSON.stringify(cases));
}

export const toTestCase = (own: OwnCase): TestCase | undefined => caseOf(own as ListedExample, true);

/** What the editor starts from for a case that is there: itself, or a copy of a service's example. */
export function draftOf(test: TestCase): OwnCase {
  const { name, description, endpoint, input, expected_error, validation_rules, tolerance, scopes } = test;
  return {
    name: test.own ? name : `${name}, changed`,
    description,
    endpoint,
    input,
    ...('expected_output' in test && { expected_output: test.expected_output }),
    ...(expected_error !== undefined && { expected_error }),
    ...(validation_rules !== undefined && { validation_rules }),
    ...(tolerance > 0 && { tolerance }),
    ...(scopes && { scopes }),
  };
}
