/** `POST /code/run`: a research script runs beside the services, and what it shows comes back as events. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { grantedScopes } from './scope.ts';

/** Prints, tables and plots kept of one run; what a script shows beyond that is counted and left out. */
export const MAX_SCRIPT_OUTPUTS = 10_000;
/** Rows of one table. */
export const MAX_TABLE_ROWS = 10_000;
/** Values of one plot, all series together. */
export const MAX_PLOT_VALUES = 200_000;

/** Bytes of one picture. */
export const MAX_PICTURE_BYTES = 8_000_000;

const shown = z.unknown().meta({
  description:
    'A JSON value. What JSON has no word for, and what is too large, stands as `{ "$type": … }`: `tensor` with dtype, shape, range and first values; `number` for NaN and infinities; `undefined`, `bigint`, `date`, `map`, `set`, `error`, `function`, `cycle`, `more`.',
});

const number = z.number().nullable();

const series = z.object({
  label: z.string(),
  x: z.array(number).optional().meta({ description: 'Its own x values; else the position, or the labels of the plot.' }),
  values: z.array(number).meta({ description: '`null` where there is no finite number. For a heatmap, one row.' }),
});

export const scriptPrint = z.object({
  level: z.enum(['log', 'warn', 'error']),
  values: z.array(shown),
});

export const scriptTable = z.object({
  title: z.string().nullable(),
  columns: z.array(z.string()),
  rows: z.array(z.array(shown)).meta({ description: `One list a row, as long as \`columns\`; at most ${MAX_TABLE_ROWS}.` }),
});

export const scriptPlot = z
  .object({
    kind: z.enum(['line', 'bar', 'heatmap', 'scatter']),
    title: z.string().nullable(),
    x_label: z.string().nullable(),
    y_label: z.string().nullable(),
    labels: z.array(z.string()).nullable().meta({ description: 'Names along x: of bars, or of a heatmap’s columns.' }),
    series: z.array(series),
  })
  .meta({ id: 'ScriptPlot' });

const pictureType = z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']);
export type PictureType = z.infer<typeof pictureType>;

export const scriptPicture = z
  .object({
    title: z.string().nullable(),
    media_type: pictureType,
    data: z.string().meta({ description: `The file in base64, at most ${MAX_PICTURE_BYTES} bytes of it.` }),
  })
  .meta({ id: 'ScriptPicture' });

const scriptOutput = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('print'), data: scriptPrint }),
    z.object({ event: z.literal('table'), data: scriptTable }),
    z.object({ event: z.literal('plot'), data: scriptPlot }),
    z.object({ event: z.literal('picture'), data: scriptPicture }),
  ])
  .meta({ id: 'ScriptOutput' });

export type ScriptOutput = z.infer<typeof scriptOutput>;

const summary = {
  name: z.string(),
  duration_ms: z.number().meta({ description: 'From the first statement to the last; loading and compiling are not in it.' }),
  result: shown.meta({ description: 'What the script returned.' }),
  prints: z.int().meta({ description: 'Calls of `print`, those left out included.' }),
  left_out: z.int().meta({ description: `Outputs beyond the first ${MAX_SCRIPT_OUTPUTS}.` }),
};

const scriptSummary = z.object(summary).meta({ id: 'ScriptSummary' });
export type ScriptSummary = z.infer<typeof scriptSummary>;

const scriptLanguage = z.enum(['typescript', 'javascript', 'python']);
export type ScriptLanguage = z.infer<typeof scriptLanguage>;

export const runScript = endpoint({
  method: 'POST',
  path: 'run',
  scope: 'patch',
  summary: 'Run a script in the worker',
  consequence: 'runs this code inside the page: it reaches the network, what this site stores in the browser, and every service',
  description:
    'Runs TypeScript or JavaScript as the body of an async function, in the worker where the services live: `await` and `return` stand at the top level, `import` does not. In reach are `client`, `designer`, `researcher`, `tester`, `services` (the objects themselves), `print`, `table`, `plot` and `signal`. Python runs there too, with `await` at the top level, `import` of the standard library, the value of a last line that is an expression as the result, and `client`, `designer`, `researcher`, `tester`, `print`, `table`, `plot` and `picture` in reach. With `"stream": true`: events `print`, `table`, `plot` and `picture` as the script makes them, then `done`. An abort of the call stops the script at its next call, print or await of these; an endless loop of TypeScript that never makes one blocks the worker, one of Python is stopped.',
  input: z.object({
    source: z.string().max(1_000_000),
    language: scriptLanguage.default('typescript'),
    name: z.string().max(128).default('script'),
    scopes: grantedScopes.optional().meta({
      description:
        'What its `client` and roles may, no more than the caller; `services` is out of reach then. It keeps a script to what it was asked to do: code in the worker that means to can go around it.',
    }),
    stream: z.boolean().default(false),
  }),
  output: z
    .object({ ...summary, output: z.array(scriptOutput).meta({ description: 'What the script showed, in order.' }) })
    .meta({ id: 'ScriptRun' }),
  event: z.discriminatedUnion('event', [...scriptOutput.options, z.object({ event: z.literal('done'), data: scriptSummary })]),
  errors: ['code_invalid', 'cancelled'],
  examples: [
    {
      name: 'a script that prints and returns',
      description: 'Types are stripped, the value of `return` is the result.',
      input: { source: "const lengths: number[] = [1, 2, 4];\nprint('lengths', lengths);\nreturn lengths.reduce((a, b) => a + b, 0);" },
      expected_output: {
        result: 7,
        prints: 1,
        left_out: 0,
        output: [{ event: 'print', data: { level: 'log', values: ['lengths', [1, 2, 4]] } }],
      },
    },
    {
      name: 'a script that calls a service',
      description: 'Top-level await; a table of what came back.',
      input: {
        name: 'services',
        source:
          "const { service, endpoints } = await client.get('tokenizer', 'info');\ntable([{ service, many: endpoints.length > 3 }], { title: 'Services' });",
      },
      expected_output: {
        name: 'services',
        result: { $type: 'undefined' },
        output: [{ event: 'table', data: { title: 'Services', columns: ['service', 'many'], rows: [['tokenizer', true]] } }],
      },
    },
    {
      name: 'a script that may less',
      description: 'Its client reads and runs; a patch is refused.',
      input: {
        source:
          "const { kind, scopes } = await client.get('auth', 'whoami');\nconst refused = await client.delete('code', 'resources/{id}', { id: 'sampler' }).catch((error) => error.code);\nreturn { kind, scopes, refused };",
        scopes: ['read', 'run'],
      },
      expected_output: { result: { kind: 'script', scopes: ['read', 'run'], refused: 'insufficient_scope' } },
    },
    {
      name: 'an empty script',
      description: 'Shows nothing and returns nothing.',
      input: { source: '', language: 'javascript' },
      expected_output: { result: { $type: 'undefined' }, prints: 0, output: [] },
    },
    {
      name: 'values that JSON does not have',
      description: 'Typed arrays are summarised, cycles are cut.',
      input: {
        source: 'const loop: { self?: unknown } = {};\nloop.self = loop;\nprint(new Float32Array([1, 2, 3]), Number.NaN, 10n, loop);',
      },
      expected_output: {
        output: [
          {
            event: 'print',
            data: {
              values: [
                { $type: 'tensor', dtype: 'float32', shape: [3], head: [1, 2, 3], min: 1, max: 3, mean: 2 },
                { $type: 'number', text: 'NaN' },
                { $type: 'bigint', text: '10' },
                { self: { $type: 'cycle' } },
              ],
            },
          },
        ],
      },
    },
    {
      name: 'a syntax error',
      description: 'The problem names line and column.',
      input: { source: 'const a = 1;\nconst b = ;' },
      expected_error: 'code_invalid',
    },
    {
      name: 'a script that throws',
      description: 'What is thrown comes back with the line that threw it.',
      input: { source: "\nthrow new RangeError('no such head');" },
      expected_error: 'code_invalid',
    },
    {
      name: 'a language that does not run here',
      description: '422 names the field and the languages there are.',
      input: { source: '', language: 'ruby' } as never,
      expected_error: 'validation_failed',
    },
  ],
});
