/** What Ctrl-K finds of the computation panel: its views, kernels, plans and experiments. */
import type { Client } from '../../client/client.ts';
import { place } from '../kit/search/entry.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import { addressOf } from './experiments/address.ts';
import { PRESETS } from './experiments/presets.ts';

export const search: PanelSearch = {
  parts: [
    { label: 'Kernels', path: '/kernels', description: 'Attention fragments and shaders, each run beside its reference' },
    {
      path: '/benchmark',
      label: 'Benchmark',
      description: 'Kernels and plans measured against the roofline of the device',
      keywords: 'roofline gflops bandwidth speed',
    },
    { path: '/plans', label: 'Execution plans', description: 'Written, checked, run and kept' },
    {
      path: '/experiments',
      label: 'Experiments',
      description: 'Any field of a plan over a grid; tabulated, plotted, compared',
      keywords: 'grid sweep hyperparameter export csv',
    },
  ],
  readyMade: PRESETS.map(({ title, asks }) =>
    place({ id: `experiment:${title}`, href: '/computation/experiments', label: title, description: asks, icon: 'computation' }),
  ),
  held,
};

async function held(direct: Client, signal: AbortSignal) {
  const [kernels, plans, experiments] = await Promise.all([
    direct.get('computation', 'kernels', {}, { signal }).catch(() => null),
    direct.get('computation', 'plans', {}, { signal }).catch(() => null),
    direct.get('computation', 'experiments', {}, { signal }).catch(() => null),
  ]);
  return [
    {
      group: 'Kernels',
      entries: (kernels?.kernels ?? []).map(({ id, title }) =>
        place({
          href: `/computation/kernels/${encodeURIComponent(id)}`,
          label: title,
          description: id,
          icon: 'computation',
          keywords: 'kernel',
        }),
      ),
    },
    {
      group: 'Plans',
      entries: (plans?.plans ?? []).map(({ id, name }) =>
        place({
          href: `/computation/plans/${encodeURIComponent(id)}`,
          label: name,
          description: id,
          icon: 'layers',
          keywords: 'execution plan',
        }),
      ),
    },
    {
      group: 'Experiments',
      entries: (experiments?.experiments ?? []).map(({ id, name, state }) =>
        place({ href: addressOf({ id }), label: name, description: state, icon: 'tests', keywords: 'experiment' }),
      ),
    },
  ];
}
