/** Gives every panel the one client, and re-renders it when mode or health change. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import type { Health, PageClient } from '../../client/page-client.ts';

export type Mode = PageClient['mode'];
export type { Health };

export interface Workbench {
  client: PageClient;
  /** Ends the worker and starts a new one. */
  restartWorker: () => Promise<void>;
  /** Ways out where the model that served last is on its way back, or did not come. */
  startingModel: { useDefault(): void; readonly again: (() => void) | null };
}

const WorkbenchContext = createContext<Workbench | null>(null);

export function ClientProvider({ client, restartWorker, startingModel, children }: Workbench & { children: ReactNode }) {
  const workbench = useMemo(() => ({ client, restartWorker, startingModel }), [client, restartWorker, startingModel]);
  return <WorkbenchContext value={workbench}>{children}</WorkbenchContext>;
}

function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('useClient needs a ClientProvider above it.');
  return workbench;
}

export const useClient = (): PageClient => useWorkbench().client;

export const useRestartWorker = (): (() => Promise<void>) => useWorkbench().restartWorker;

export const useStartingModel = (): Workbench['startingModel'] => useWorkbench().startingModel;

function useFromClient<T>(read: (client: PageClient) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => read(client));
}

/** The active mode, and its switch. */
export function useMode(): [Mode, (mode: Mode) => void] {
  const client = useClient();
  const mode = useFromClient((c) => c.mode);
  return [mode, useCallback((next: Mode) => client.enableRestfulMode(next === 'restful'), [client])];
}

export function useHealth(): Health {
  return useFromClient((client) => client.health);
}
