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
    exclude: { path: '\\.(css|svg|wasm|json)$' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default'],
    },
  },
};
