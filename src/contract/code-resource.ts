/** Code resources as they travel: what can be patched, its revisions, and what checking a candidate found. */
import { z } from 'zod';
import { caseResultSchema } from './endpoint.ts';

/** Characters of one source. */
export const MAX_SOURCE = 1_000_000;

const ms = z.number().min(0);
export const language = z
  .enum(['typescript', 'python', 'wgsl'])
  .meta({ description: '`python` runs in Pyodide, which is loaded when first used; `wgsl` is for kernels.' });
export const service = z.enum(['tokenizer', 'model', 'memory', 'scheduler', 'computation', 'code']);
export const kind = z.enum(['fragment', 'function', 'kernel', 'script']).meta({
  description:
    '`fragment`: builds a part of the model’s graph. `function`: called by the engine. `kernel`: a shader. `script`: run by a person.',
});
export const id = z.string().min(1).max(128).meta({
  description:
    '`model.attention`, `model.mlp`, `model.norm`, `model.position`, `sampler`, `scheduler.policy`, `memory.eviction`, `tokenizer.normalizer`, `kernel.<name>`, `script.<name>`.',
});
export const revisionId = z.string().meta({ description: 'SHA-256 (hex, 16 digits) over language and source.' });
export const timeLimit = z.int().min(1).max(60_000).default(3000).meta({
  description: 'Of a candidate, for compiling and for its cases; it runs in a worker that is thrown away, a kernel on a device of its own.',
});

const diagnostic = z
  .object({
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    line: z.int().min(1).nullable().meta({ description: 'From 1; `null` where there is none, such as a time limit.' }),
    column: z.int().min(1).nullable(),
    end_line: z.int().min(1).nullable(),
    end_column: z.int().min(1).nullable(),
    code: z.string().nullable().meta({ description: "The compiler's own, such as TS2322." }),
  })
  .meta({ id: 'Diagnostic' });

const summary = {
  id,
  service,
  kind,
  title: z.string(),
  description: z.string(),
  language,
  languages: z.array(language).meta({ description: 'In which it can be written.' }),
  built_in: z.boolean().meta({ description: 'Came with the workbench: deleting it brings its own version back.' }),
  patched: z.boolean().meta({ description: 'The active version is not the built-in one.' }),
  revision_id: revisionId.meta({ description: 'Of the active version.' }),
  revisions: z.int().min(1),
  lines: z.int().min(0),
  updated_at: z.string().nullable().meta({ description: '`null`: never patched.' }),
};
export const resourceSummary = z.object(summary).meta({ id: 'CodeResourceSummary' });

export const resource = z
  .object({
    ...summary,
    source: z.string(),
    signature: z.string().meta({
      description: 'TypeScript declaration that the default export must fit; of a kernel its bindings, sizes and dispatch, as WGSL.',
    }),
    declarations: z.string().meta({ description: 'All types that it may use, as one declaration file for an editor.' }),
    variants: z
      .array(z.object({ name: z.string(), description: z.string(), source: z.string() }))
      .meta({ description: 'Other versions that came with the workbench, such as `naive` attention or the policy `sjf`.' }),
    examples: z.array(z.object({ name: z.string(), description: z.string() })).meta({ description: 'Cases that a candidate must pass.' }),
  })
  .meta({ id: 'CodeResource' });

export const revision = z
  .object({
    revision_id: revisionId,
    language,
    source: z.string(),
    message: z.string(),
    built_in: z.boolean(),
    active: z.boolean(),
    created_at: z.string().nullable().meta({ description: '`null` of the built-in one.' }),
  })
  .meta({ id: 'CodeRevision' });

/** What a candidate does to the model, beside the built-in version. */
export const effect = z
  .object({
    max_abs_logit_difference: z.number().min(0),
    mean_abs_logit_difference: z.number().min(0),
    top_1_agreement: z.number().min(0).max(1),
    first_departure: z
      .object({ layer: z.int().min(0), operator: z.string(), hook_point: z.string(), max_abs_difference: z.number().min(0) })
      .nullable()
      .meta({
        description: 'The first layer and operator whose values differ by more than the tolerance; found by bisection over captures.',
      }),
    before_ms: ms.meta({ description: 'Median of a forward pass with the built-in version.' }),
    after_ms: ms,
  })
  .meta({ id: 'CodeEffect' });

export const check = {
  diagnostics: z.array(diagnostic),
  passed: z.int().min(0),
  failed: z.int().min(0),
  cases: z.array(caseResultSchema),
  compile_ms: ms,
  test_ms: ms,
};
