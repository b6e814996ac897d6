/** What Ctrl-K finds of the scheduler: its views, and the parameters of every policy. */
import { place } from '../kit/search/entry.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';

export const search: PanelSearch = {
  parts: [
    { label: 'Live timeline', description: 'The steps of the engine as they run', keywords: 'queue decisions batch' },
    {
      path: '/workloads',
      label: 'Workloads',
      description: 'Run or simulate a workload under a policy, and compare two runs',
      keywords: 'simulate simulator trace poisson arrivals slo goodput compare',
    },
  ],
  held: async (direct, signal) => {
    const { policies } = await direct.get('scheduler', 'policy', {}, { signal });
    return [
      {
        group: 'Parameters of policies',
        entries: policies.flatMap((policy) =>
          policy.parameters.map(({ name, description }) =>
            place({
              id: `policy:${policy.name}:${name}`,
              href: `/api/scheduler/setPolicy?field=${encodeURIComponent('/parameters')}`,
              label: name,
              description: `of the policy ${policy.name}: ${description}`,
              icon: 'scheduler',
              keywords: 'scheduling policy parameter',
            }),
          ),
        ),
      },
    ];
  },
};
