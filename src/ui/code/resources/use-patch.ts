/** Test, apply, revert: what changes a resource or tries to, one at a time, and what came of the last one. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { ApiError } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { dropDraft } from '../drafts.ts';
import { type PatchProblem, problemsOfError, problemsOfReport } from '../problems.ts';
import { codeKey, type Patch, type Report } from '../../kit/code/resource-queries.ts';

export type Doing = 'test' | 'apply' | 'revert';

/** Compiling and every case, each with this limit. */
const TIME_LIMIT_MS = 5000;
/** Python has to start in a worker of its own first. */
const PYTHON_LIMIT_MS = 20_000;
const limitOf = (language: Patch['language']): number => (language === 'python' ? PYTHON_LIMIT_MS : TIME_LIMIT_MS);

interface Outcome {
  /** Of the source; empty where it is well. */
  problems: readonly PatchProblem[];
  /** Any other problem. */
  error: ApiError | null;
  report: Report | null;
  /** What the report is about. */
  of: string;
}

const NOTHING: Outcome = { problems: [], error: null, report: null, of: '' };

export function usePatch(id: string) {
  const client = useClient();
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [outcome, setOutcome] = useState(NOTHING);
  const abort = useRef<AbortController>(null);

  const attempt = useCallback(async (what: Doing, work: (signal: AbortSignal) => Promise<Outcome>): Promise<boolean> => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setDoing(what);
    try {
      setOutcome(await work(mine.signal));
      return true;
    } catch (thrown) {
      const error = ApiError.from(thrown);
      const problems = problemsOfError(error);
      if (error.code === 'cancelled') setOutcome(NOTHING);
      else setOutcome({ ...NOTHING, problems, error: problems.length > 0 ? null : error });
      return false;
    } finally {
      if (abort.current === mine) setDoing(null);
    }
  }, []);

  const test = useCallback(
    (source: string, language: Patch['language']) =>
      attempt('test', async (signal) => {
        const input = { id, source, time_limit_ms: limitOf(language), ...(language && { language }) };
        const report = await client.post('code', 'test/{id}', input, { signal });
        return { ...NOTHING, report, problems: problemsOfReport(report), of: 'What stands in the editor; it is not active.' };
      }),
    [attempt, client, id],
  );

  const apply = useCallback(
    (patch: Omit<Patch, 'id'>) =>
      attempt('apply', async (signal) => {
        const result = await client.put('code', 'resources/{id}', { ...patch, id, time_limit_ms: limitOf(patch.language) }, { signal });
        dropDraft(id);
        await queries.invalidateQueries({ queryKey: codeKey });
        return {
          ...NOTHING,
          report: result,
          problems: problemsOfReport(result),
          of: `Revision ${result.revision_id.slice(0, 8)}, active from the next step.`,
        };
      }),
    [attempt, client, id, queries],
  );

  /** @param revision left out: the built-in version */
  const revert = useCallback(
    (revision?: string) =>
      attempt('revert', async (signal) => {
        await client.post('code', 'resources/{id}/revert', { id, ...(revision !== undefined && { revision_id: revision }) }, { signal });
        dropDraft(id);
        await queries.invalidateQueries({ queryKey: codeKey });
        return NOTHING;
      }),
    [attempt, client, id, queries],
  );

  const stop = useCallback(() => abort.current?.abort(), []);
  const clear = useCallback(() => setOutcome(NOTHING), []);
  return { doing, outcome, test, apply, revert, stop, clear };
}
