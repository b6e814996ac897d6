/** The active weights, and how others take their place. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';

/** Characters of an address. */
const MAX_URL = 4096;
/** Files of one upload. */
const MAX_FILES = 1000;

export const provider = z.enum(['webgpu', 'wasm']);

/** A folder below `models/` on the page's site. */
export const bundledId = z
  .string()
  .max(256)
  .regex(/^[\w-][\w.-]*$/, 'must be a name of letters, digits, ".", "_" and "-", the first no "."');
/** Whole, or relative to the page: what it is relative to does not matter to whether it is one. */
export const folderUrl = z
  .string()
  .min(1)
  .max(MAX_URL)
  .refine((url) => URL.canParse(url, 'https://localhost/') && /^https?:$/.test(new URL(url, 'https://localhost/').protocol), {
    error: ({ input }) => `must be an address of http or https; it is ${JSON.stringify(input)}`,
  });
export const hubRepo = z.string().regex(/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/, 'must be owner/name');

const weightsSource = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bundled'), id: bundledId.default('default') }).meta({ title: 'Bundled with the page' }),
    z.strictObject({ kind: z.literal('url'), url: folderUrl }).meta({ title: 'Folder at a URL' }),
    z
      .strictObject({
        kind: z.literal('hub'),
        repo: hubRepo,
        revision: z.string().max(256).default('main'),
        endpoint: folderUrl.default('https://huggingface.co').meta({ description: 'A server with the paths of the Hugging Face hub.' }),
      })
      .meta({ title: 'Hugging Face hub' }),
    z
      .strictObject({
        kind: z.literal('upload'),
        files: z
          .array(
            z.strictObject({
              path: z.string().min(1).max(1024),
              data: z
                .union([
                  z.string(),
                  z.custom<Blob>((value) => value instanceof Blob).meta({ override: { type: 'string', contentEncoding: 'base64' } }),
                ])
                .meta({ override: { type: 'string', contentEncoding: 'base64' } }),
            }),
          )
          .min(1)
          .max(MAX_FILES)
          .meta({
            description: 'Files of a Hugging Face layout folder: base64 in JSON, parts of a multipart form, or Blobs in direct mode.',
          }),
      })
      .meta({ title: 'Uploaded files' }),
  ])
  .meta({ id: 'WeightsSource' });

export const activeWeights = z
  .object({
    model_id: z.string(),
    source: z.string(),
    format: z.enum(['safetensors', 'onnx']),
    architecture: z.string(),
    parameters: z.int().meta({ description: '0 for an opaque ONNX model, whose weights are not looked into.' }),
    bytes: z.int(),
    dtype: z.string().meta({ description: 'Of the weights; the name of the graph for an opaque ONNX model.' }),
    weights_hash: z.string(),
    execution_provider: provider,
    compute_dtype: z.string(),
    loaded_at: z.string(),
    load_ms: z.number(),
    from_cache: z.boolean(),
  })
  .meta({ id: 'ActiveWeights' });

export const loadProgress = z
  .object({
    phase: z.enum(['resolve', 'download', 'verify', 'build', 'swap']),
    file: z.string().nullable(),
    loaded_bytes: z.int(),
    total_bytes: z.int().nullable(),
  })
  .meta({ id: 'LoadProgress' });

const weightsEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('progress'), data: loadProgress }),
  z.object({ event: z.literal('done'), data: activeWeights }),
]);

export const weightsEndpoints = {
  weights: endpoint({
    method: 'GET',
    path: 'weights',
    scope: 'read',
    summary: 'The active weights, and a load in progress',
    description: 'Where they came from, their hash, size, provider; the progress of a load that runs.',
    input: z.object({}),
    output: z.object({ weights: activeWeights.nullable(), loading: loadProgress.nullable() }),
    errors: [],
    examples: [
      {
        name: 'active weights',
        description: 'The default model unless another was loaded.',
        input: {},
        validation_rules: { loaded: 'output.weights.bytes > 0' },
      },
    ],
  }),
  swapWeights: endpoint({
    method: 'PUT',
    path: 'weights',
    scope: 'admin',
    summary: 'Swap the weights',
    consequence: 'downloads a model and puts it in place of the one that serves',
    description:
      'Loads a Hugging Face layout folder (config.json, tokenizer.json, *.safetensors) from the bundle, a URL, the hub or uploaded files. Everything is verified before it replaces the old weights; on any failure the old model serves on. With `"stream": true`: events `progress`, then `done`.',
    input: z.object({
      source: weightsSource,
      execution_provider: z
        .enum(['auto', 'webgpu', 'wasm'])
        .default('auto')
        .meta({ description: '`auto`: WebGPU when there is an adapter, else WASM.' }),
      compute_dtype: z.enum(['auto', 'float32', 'float16']).default('auto'),
      cache: z.boolean().default(true).meta({ description: 'Keep downloaded files in the origin private file system.' }),
      stream: z.boolean().default(false),
    }),
    output: activeWeights,
    event: weightsEvent,
    multipart: true,
    errors: ['weights_invalid', 'upstream_failed', 'conflict', 'tokenizer_invalid', 'cancelled'],
    examples: [
      {
        name: 'unreachable folder',
        description: 'A URL where nothing answers; the old model serves on.',
        input: { source: { kind: 'url', url: 'https://localhost:1/nothing-here' } },
        expected_error: 'upstream_failed',
      },
      {
        name: 'unknown bundled model',
        description: 'Only bundled models can be named.',
        input: { source: { kind: 'bundled', id: 'no-such-model' } },
        expected_error: 'upstream_failed',
      },
      {
        name: 'upload without config.json',
        description: 'A folder must be whole.',
        input: { source: { kind: 'upload', files: [{ path: 'tokenizer.json', data: 'e30=' }] } },
        expected_error: 'weights_invalid',
      },
      {
        name: 'a source of no known kind',
        description: '422 names the field.',
        input: { source: { kind: 'ftp' } } as never,
        expected_error: 'validation_failed',
      },
    ],
  }),
};
