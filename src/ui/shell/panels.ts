/** The panels of the workbench, in the order of the navigation; each is fetched when first opened. */
import type { ComponentType, ReactNode } from 'react';
import type { IconName } from '../kit/icons.tsx';
import { onDemand } from '../kit/on-demand.tsx';

export interface Panel {
  path: string;
  title: string;
  icon: IconName;
  /** What it is for, as the spotlight says it. */
  purpose: string;
  /** Its address goes no deeper. */
  leaf?: true;
  Component: ComponentType<{ waiting?: ReactNode }>;
}

export const panels: readonly Panel[] = [
  {
    path: '/playground',
    title: 'Playground',
    icon: 'playground',
    purpose: 'Generate text and look into it: probabilities, alternatives, attention.',
    Component: onDemand('This panel', async () => (await import('../playground/playground-panel.tsx')).PlaygroundPanel),
  },
  {
    path: '/api',
    title: 'API',
    icon: 'api',
    purpose: 'Every endpoint: read, fill in, send, compare transports.',
    Component: onDemand('This panel', async () => (await import('../explorer/explorer-panel.tsx')).ExplorerPanel),
  },
  {
    path: '/scripts',
    title: 'Scripts',
    icon: 'terminal',
    purpose: 'Programs that run inside the worker, where a call is a function call.',
    Component: onDemand('This panel', async () => (await import('../scripts/scripts-panel.tsx')).ScriptsPanel),
  },
  {
    path: '/code',
    title: 'Code',
    icon: 'code',
    purpose: 'Read and patch attention, sampler, policy and kernels while they run.',
    Component: onDemand('This panel', async () => (await import('../code/code-panel.tsx')).CodePanel),
  },
  {
    path: '/tests',
    title: 'Tests',
    icon: 'tests',
    purpose: 'Run every example of every endpoint and see what differs.',
    Component: onDemand('This panel', async () => (await import('../tests/tests-panel.tsx')).TestsPanel),
  },
  {
    path: '/memory',
    title: 'Memory',
    icon: 'memory',
    purpose: 'The map of KV blocks, tiers, evictions and prefix hits.',
    leaf: true,
    Component: onDemand('This panel', async () => (await import('../memory/memory-panel.tsx')).MemoryPanel),
  },
  {
    path: '/scheduler',
    title: 'Scheduler',
    icon: 'scheduler',
    purpose: 'The timeline of steps, with the reason for each decision.',
    Component: onDemand('This panel', async () => (await import('../scheduler/scheduler-panel.tsx')).SchedulerPanel),
  },
  {
    path: '/computation',
    title: 'Computation',
    icon: 'computation',
    purpose: 'Kernels, execution plans, benchmarks and experiments.',
    Component: onDemand('This panel', async () => (await import('../computation/computation-panel.tsx')).ComputationPanel),
  },
  {
    path: '/access',
    title: 'Access',
    icon: 'key',
    purpose: 'Require tokens of whoever calls the API; give out and revoke them.',
    leaf: true,
    Component: onDemand('This panel', async () => (await import('../access/access-panel.tsx')).AccessPanel),
  },
];

export const HOME = '/playground';

/** The panel that an address is in. */
export const panelAt = (path: string): Panel | undefined => panels.find((panel) => `${path}/`.startsWith(`${panel.path}/`));
