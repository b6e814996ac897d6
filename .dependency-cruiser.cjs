/** The arrows of src/ARCHITECTURE.md: what a folder may import beside `environment`. A folder that is not named in `may` may not be imported from it. */
const may = {
  environment: [],
  // Names and rules of what came with the workbench, without the sources.
  contract: ['contract', 'patchable/generated/rules'],
  engine: ['engine'],
  ports: ['ports', 'contract', 'engine'],
  platform: ['platform', 'ports', 'engine', 'patchable'],
  patchable: ['patchable', 'engine'],
  services: ['services', 'ports', 'contract', 'engine', 'patchable'],
  // What stands around the app: headers, versions, what page and service worker say to each other.
  site: ['site'],
  'service-worker': ['service-worker', 'site', 'transport/rest/app-prefix'],
  transport: ['transport', 'contract', 'site'],
  client: ['client', 'transport', 'contract'],
  ui: ['ui', 'client', 'contract'],
};

/** What a folder of `services/` may import of the others: all stand on the model that serves, and some use a noun of another's. */
const services = {
  serving: ['code/kinds/'],
  auth: [],
  tokenizer: ['serving/'],
  model: ['serving/'],
  memory: ['serving/'],
  scheduler: ['serving/'],
  computation: ['serving/', 'code/kinds/', 'model/prompt', 'scheduler/(policy|run-metrics|workload)'],
  code: [
    'serving/',
    'model/(candidates|eos-token-ids|find-hook-points|forward)',
    'computation/(kernel-definition|kernel-inputs|open-kernel)',
  ],
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(may).map(([folder, allowed]) => ({
      name: `${folder}-arrows`,
      comment: `src/${folder} may import only ${['environment', ...allowed].join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: '\\.test\\.tsx?$|/testing/' },
      to: { path: '^src/', pathNot: `^src/(${['environment', ...allowed].join('|')})[/.]` },
    })),
    ...Object.entries(services).map(([folder, allowed]) => ({
      name: `services-${folder}-arrows`,
      comment: `src/services/${folder} may import of the other services only ${allowed.join(', ')}.`,
      severity: 'error',
      from: { path: `^src/services/${folder}/`, pathNot: '\\.test\\.tsx?$|/testing/' },
      to: {
        path: `^src/services/(${Object.keys(services).join('|')})/`,
        pathNot: `^src/services/(${[`${folder}/`, ...allowed].join('|')})`,
      },
    })),
    {
      name: 'host-gives-ports',
      comment: 'The workbench knows its host by the ports that it is given.',
      severity: 'error',
      from: { path: '^src/workbench\\.ts$' },
      to: { path: '^src/(platform|ui|site|service-worker)/|^src/(page|worker|browser-ports)' },
    },
    {
      name: 'panel-arrows',
      comment: 'A panel imports itself and the kit; what two panels need is in the kit.',
      severity: 'error',
      from: { path: '^src/ui/(?!(?:kit|shell)/)([^/]+)/' },
      to: { path: '^src/ui/', pathNot: '^src/ui/($1|kit)/' },
    },
    {
      name: 'kit-arrows',
      comment: 'The kit knows no panel.',
      severity: 'error',
      from: { path: '^src/ui/kit/' },
      to: { path: '^src/ui/(?!kit/)' },
    },
    {
      name: 'shell-arrows',
      comment: 'The shell meets panels in its two lists: `panels.ts`, and `panel-searches.ts` for what Ctrl-K finds.',
      severity: 'error',
      from: { path: '^src/ui/shell/(?!panels|panel-searches)' },
      to: { path: '^src/ui/(?!(?:kit|shell)/)' },
    },
    {
      name: 'engine-no-runtime',
      severity: 'error',
      from: { path: '^src/(engine|contract|ports|services)/', pathNot: '\\.test\\.tsx?$|/testing/' },
      to: { path: 'onnxruntime|^react|msw' },
    },
    {
      name: 'page-no-engine',
      comment: 'The page reaches services through the client only.',
      severity: 'error',
      from: { path: '^src/(page|main|worker-life|suspect-note|candidate-workers)\\.tsx?$' },
      to: { path: '^src/(engine|ports|platform|services|patchable)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^node_modules/.*\\.css|\\.(svg|wasm|json))$' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default'],
    },
  },
};
