/** What Ctrl-K finds of the playground: its parts, presets and sampling parameters. */
import { contract } from '../../contract/index.ts';
import { jsonSchemaOf } from '../kit/json/json-schema.ts';
import { place } from '../kit/search/entry.tsx';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import { fieldsIn } from '../kit/search/schema-fields.ts';
import { PARAMETER_NAMES, parameterHref, PRESETS } from './parameters.ts';

export const search: PanelSearch = {
  parts: [
    {
      label: 'Interventions',
      description: 'Change a value inside the model; sweep it over layers and tokens',
      keywords: 'sweep ablate ablation activation patching tap taps causal tracing',
      selector: 'section[aria-label="Interventions"] button',
    },
    {
      label: 'Attention',
      description: 'What each head attends to',
      keywords: 'heads maps heat map inspector',
      selector: 'section[aria-label="Attention"] button',
    },
    {
      label: 'Chat',
      description: 'Messages through the chat template of the model',
      keywords: 'conversation assistant user',
    },
    {
      label: 'Token boundaries',
      description: 'Shows where one token of the prompt ends and the next begins',
      keywords: 'tokens tokenize tokenizer ids switch setting',
      selector: 'main input[role="switch"]',
    },
  ],
  readyMade: PRESETS.map(({ name, hint }) =>
    place({ id: `preset:${name}`, href: '/playground', label: name, description: `sampling preset: ${hint}`, icon: 'playground' }),
  ),
  groups: () => {
    const generate = fieldsIn(jsonSchemaOf(contract.model.endpoints.generate.input, 'input'));
    return [
      {
        group: 'Sampling parameters',
        entries: PARAMETER_NAMES.map((name) => {
          const others = generate.find(({ path }) => path === name)?.otherNames ?? [];
          return place({
            href: parameterHref(name),
            label: name,
            description: ['in the playground', ...(others.length > 0 ? [`also called ${others.join(', ')}`] : [])].join('; '),
            icon: 'playground',
            keywords: name.replaceAll('_', ' '),
            otherNames: others,
          });
        }),
      },
    ];
  },
};
