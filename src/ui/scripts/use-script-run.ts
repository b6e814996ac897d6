/** The run in sight: it outlives the panel, so that looking elsewhere does not end it; it re-renders at most once a frame. */
import { useCallback, useMemo, useState } from 'react';
import type { Scope } from '../../contract/index.ts';
import { useClient, useRestartWorker } from '../kit/client-context.tsx';
import { useEachFrame } from '../kit/use-observed.ts';
import type { ScriptEntry } from './catalogue.ts';
import { scopesOf } from '../kit/scope-choice.ts';
import { type RunPorts, ScriptRun } from './script-run.ts';

let last: ScriptRun | null = null;

export function useScriptRun(): {
  run: ScriptRun | null;
  version: number;
  start: (script: ScriptEntry, scope: Scope) => void;
  stop: () => void;
} {
  const client = useClient();
  const restartWorker = useRestartWorker();
  const [run, setRun] = useState(last);

  // Always direct: the panel shows what is printed as it is printed. The script itself chooses how it calls.
  const ports = useMemo<RunPorts>(() => {
    const direct = client.via('direct');
    return { start: (script, signal) => direct.stream('code', 'run', script, { signal }), restartWorker };
  }, [client, restartWorker]);

  const start = useCallback(
    ({ id, title, source, language }: ScriptEntry, scope: Scope) => {
      last?.stop();
      last = new ScriptRun(ports, { id, source, language, name: title, ...scopesOf(scope) });
      setRun(last);
    },
    [ports],
  );
  const stop = useCallback(() => last?.stop(), []);
  return { run, version: useVersion(run), start, stop };
}

function useVersion(run: ScriptRun | null): number {
  return useEachFrame(
    useMemo(() => (run ? [run.version] : []), [run]),
    () => run?.version.get() ?? 0,
  );
}
