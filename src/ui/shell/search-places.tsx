/** What Ctrl-K finds of the page itself: panels, their views, and the parts of them that have a name. */
import { starters } from '../code/starters.ts';
import { PRESETS as EXPERIMENTS } from '../computation/experiments/presets.ts';
import { apiBase } from '../kit/address/api-base.ts';
import { Icon } from '../kit/icons.tsx';
import { PRESETS as SAMPLING_PRESETS } from '../playground/parameters.ts';
import { panels } from './panels.ts';
import { type Found, place } from './search-entry.tsx';
import type { SearchGroup } from './search-ranking.ts';

interface Part {
  in: string;
  label: string;
  description: string;
  keywords?: string;
  /** Below the panel's own address. */
  path?: string;
  selector?: string;
}

const PARTS: readonly Part[] = [
  {
    in: '/playground',
    label: 'Interventions',
    description: 'Change a value inside the model; sweep it over layers and tokens',
    keywords: 'sweep ablate ablation activation patching tap taps causal tracing',
    selector: 'section[aria-label="Interventions"] button',
  },
  {
    in: '/playground',
    label: 'Attention',
    description: 'What each head attends to',
    keywords: 'heads maps heat map inspector',
    selector: 'section[aria-label="Attention"] button',
  },
  {
    in: '/playground',
    label: 'Chat',
    description: 'Messages through the chat template of the model',
    keywords: 'conversation assistant user',
  },
  {
    in: '/playground',
    label: 'Token boundaries',
    description: 'Shows where one token of the prompt ends and the next begins',
    keywords: 'tokens tokenize tokenizer ids switch setting',
    selector: 'main input[role="switch"]',
  },
  { in: '/tests', label: 'Watch', description: 'Runs the cases that a change touches', keywords: 'watch mode rerun automatic' },
  {
    in: '/tests',
    label: 'Both transports',
    description: 'Sends each case over RESTful and direct, and compares the answers',
    keywords: 'parity compare rest',
  },
  { in: '/tests', label: 'Add a case', description: 'A test case of your own', keywords: 'own test new write' },
  {
    in: '/memory',
    label: 'Map of blocks',
    description: 'Every KV block and who holds it',
    keywords: 'kv cache paged',
    selector: 'section[aria-label="Map of blocks"] [tabindex]',
  },
  { in: '/memory', label: 'Memory plan', description: 'Tiers, block size, strategy, eviction', keywords: 'strategy offload gpu cpu disk' },
  {
    in: '/memory',
    label: 'Held by hand',
    description: 'Blocks that you allocate and free',
    keywords: 'allocation allocate free',
    selector: 'section[aria-label="Held by hand"] input',
  },
  { in: '/scheduler', label: 'Live timeline', description: 'The steps of the engine as they run', keywords: 'queue decisions batch' },
  {
    in: '/scheduler',
    path: '/workloads',
    label: 'Workloads',
    description: 'Run or simulate a workload under a policy, and compare two runs',
    keywords: 'simulate simulator trace poisson arrivals slo goodput compare',
  },
  { in: '/computation', label: 'Kernels', path: '/kernels', description: 'Attention fragments and shaders, each run beside its reference' },
  {
    in: '/computation',
    path: '/benchmark',
    label: 'Benchmark',
    description: 'Kernels and plans measured against the roofline of the device',
    keywords: 'roofline gflops bandwidth speed',
  },
  { in: '/computation', path: '/plans', label: 'Execution plans', description: 'Written, checked, run and kept' },
  {
    in: '/computation',
    path: '/experiments',
    label: 'Experiments',
    description: 'Any field of a plan over a grid; tabulated, plotted, compared',
    keywords: 'grid sweep hyperparameter export csv',
  },
];

export function placeGroups(): readonly SearchGroup<Found>[] {
  return [
    {
      group: 'Panels',
      first: true,
      entries: panels.map(({ path, title, icon, purpose }) => place({ href: path, label: title, description: purpose, icon })),
    },
    {
      group: 'Parts of the page',
      entries: PARTS.flatMap(({ in: at, label, description, path = '', keywords = '', selector }) => {
        const panel = panels.find((each) => each.path === at);
        if (!panel) return [];
        return place({
          id: `part:${at}:${label}`,
          href: `${at}${path}`,
          ...{ label, keywords, icon: panel.icon },
          description: `${panel.title}: ${description}`,
          ...(selector && { selector }),
        });
      }),
    },
    {
      group: 'Ready-made',
      entries: [
        ...starters.map(({ resource, name, description }) =>
          place({
            id: `starter:${resource}:${name}`,
            href: `/code/${resource}`,
            label: name,
            description: `patch of ${resource}: ${description}`,
            icon: 'code',
            keywords: 'starter try it ready-made',
          }),
        ),
        ...SAMPLING_PRESETS.map(({ name, hint }) =>
          place({ id: `preset:${name}`, href: '/playground', label: name, description: `sampling preset: ${hint}`, icon: 'playground' }),
        ),
        ...EXPERIMENTS.map(({ title, asks }) =>
          place({ id: `experiment:${title}`, href: '/computation/experiments', label: title, description: asks, icon: 'computation' }),
        ),
      ],
    },
    {
      group: 'Documents',
      entries: [
        {
          id: 'openapi',
          label: 'OpenAPI document',
          description: 'The whole contract as JSON, in a tab of its own',
          keywords: 'openapi.json swagger specification schema',
          icon: <Icon name="api" />,
          run: () => void open(`${apiBase()}/openapi.json`, '_blank', 'noopener'),
        },
      ],
    },
  ];
}
