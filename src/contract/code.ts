/** The code service: what can be patched while it runs, its revisions, and scripts that use all of it. */
import { z } from 'zod';
import { compareVersions } from './code-compare.ts';
import { runScript } from './code-run.ts';
import {
  check,
  effect,
  id,
  kind,
  language,
  MAX_SOURCE,
  resource,
  resourceSummary,
  revision,
  revisionId,
  service,
  timeLimit,
} from './code-resource.ts';
import { defineService, endpoint } from './endpoint.ts';

const SCRIPT = "return 'hello';";

export const code = defineService({
  name: 'code',
  title: 'Code',
  description:
    'Attention, norms, sampler, policies, eviction and kernels as code that can be read, patched, tested and taken back while it runs.',
  state: z.object({
    running: z.int().meta({ description: 'Scripts under way.' }),
    finished: z.int().meta({ description: 'Scripts that have ended.' }),
    patched: z.record(z.string(), z.string()).meta({ description: 'Active revision by resource, of those that are patched.' }),
  }),
  endpoints: {
    resources: endpoint({
      method: 'GET',
      path: 'resources',
      scope: 'read',
      summary: 'What can be patched',
      description: 'Every code resource with its language, revision and whether it is patched; without the sources.',
      input: z.object({ service: service.optional(), kind: kind.optional(), patched: z.boolean().optional() }),
      output: z.object({ resources: z.array(resourceSummary) }),
      errors: [],
      examples: [
        {
          name: 'all resources',
          description: 'Attention is among them.',
          input: {},
          validation_rules: { attention: 'output.resources.exists(r, r.id == "model.attention" && r.built_in)' },
        },
        {
          name: 'fragments of the model',
          description: 'By service and kind.',
          input: { service: 'model', kind: 'fragment' },
          validation_rules: {
            only_those: 'output.resources.all(r, r.service == "model" && r.kind == "fragment")',
            four: 'size(output.resources) == 4',
          },
        },
        {
          name: 'shaders',
          description: 'Every WGSL kernel of the computation service can be patched.',
          input: { kind: 'kernel' },
          validation_rules: {
            in_wgsl: 'output.resources.all(r, r.service == "computation" && r.language == "wgsl")',
            softmax: 'output.resources.exists(r, r.id == "kernel.softmax")',
          },
        },
        {
          name: 'resources of no service',
          description: '422 names the services.',
          input: { service: 'database' } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
    resource: endpoint({
      method: 'GET',
      path: 'resources/{id}',
      scope: 'read',
      summary: 'One resource with its source',
      description: 'The active version, or an older one; the built-in source is the file that runs. With the types it may use.',
      input: z.object({ id, revision_id: revisionId.optional() }),
      output: resource,
      errors: ['not_found'],
      examples: [
        {
          name: 'attention',
          description: 'TypeScript with a default export.',
          input: { id: 'model.attention' },
          expected_output: { id: 'model.attention', service: 'model', kind: 'fragment', built_in: true },
          validation_rules: {
            exports: 'output.source.contains("export default") || output.language != "typescript"',
            signature: 'output.signature != ""',
          },
        },
        {
          name: 'the scheduling policy',
          description: 'Short policies over one interface; the others are variants.',
          input: { id: 'scheduler.policy' },
          expected_output: { service: 'scheduler', kind: 'function' },
          validation_rules: { shortest_job_first: 'output.variants.exists(v, v.name == "sjf")' },
        },
        {
          name: 'a shader',
          description:
            'WGSL with its bindings and the calls that a candidate must get right; read on any machine, checked on one with a GPU adapter.',
          input: { id: 'kernel.softmax' },
          expected_output: { service: 'computation', kind: 'kernel', language: 'wgsl', built_in: true },
          validation_rules: {
            entry_point: 'output.source.contains("fn main")',
            bindings: 'output.signature.contains("@group(0) @binding(1) var<storage, read_write> y")',
            cases: 'size(output.examples) > 0',
          },
        },
        {
          name: 'the normalizer',
          description: 'Text to text, before the stages of tokenizer.json.',
          input: { id: 'tokenizer.normalizer' },
          expected_output: { service: 'tokenizer', kind: 'function', language: 'typescript' },
        },
        {
          name: 'unknown resource',
          description: 'The problem names those there are.',
          input: { id: 'model.soul' },
          expected_error: 'not_found',
        },
        {
          name: 'unknown revision',
          description: 'A revision that was never kept.',
          input: { id: 'model.attention', revision_id: '0000000000000000' },
          expected_error: 'not_found',
        },
      ],
    }),
    patch: endpoint({
      method: 'PUT',
      path: 'resources/{id}',
      scope: 'patch',
      summary: 'Patch a resource',
      consequence:
        'puts this code into the engine, where it stays until it is reverted: it reaches the network, what this site stores in the browser, and every service',
      description:
        'Compiles and tests a candidate in a worker of its own; only then it becomes active, with the next step and without loading weights again. A failure answers 422: each of `errors` has the place as `source:line:column`, and the active version goes on. A kernel in WGSL is compiled, held against its bindings and run against its reference on a GPU device of its own; where there is no adapter that answers 409. `script.<name>` is made when it does not exist.',
      input: z.object({
        id,
        source: z.string().max(MAX_SOURCE),
        language: language.optional().meta({ description: 'Left out: the first of the resource’s `languages`.' }),
        message: z.string().max(1000).default('').meta({ description: 'What the change is for; kept with the revision.' }),
        base_revision_id: revisionId
          .optional()
          .meta({ description: 'The revision that was edited: answers 409 when another one has become active since.' }),
        validate_only: z.boolean().default(false).meta({ description: 'Compile and test, and keep nothing.' }),
        time_limit_ms: timeLimit,
      }),
      output: z.object({ resource: resourceSummary, revision_id: revisionId, active: z.boolean(), ...check }).meta({ id: 'PatchResult' }),
      errors: ['not_found', 'code_invalid', 'conflict', 'cancelled'],
      examples: [
        {
          name: 'check a script',
          description: 'It compiles; nothing is kept.',
          input: { id: 'script.example', source: SCRIPT, validate_only: true },
          expected_output: {
            resource: { id: 'script.example', kind: 'script', built_in: false },
            active: false,
            failed: 0,
            diagnostics: [],
          },
        },
        {
          name: 'check an eviction rule',
          description: 'A rule of one line: the block with the fewest hits goes first.',
          input: {
            id: 'memory.eviction',
            source:
              "import type { EvictionSource } from '../../engine/eviction.ts';\n\nconst rule: EvictionSource = { name: 'coldest', rule: 'Fewest hits first.', score: (block) => block.hits };\n\nexport default rule;\n",
            validate_only: true,
          },
          expected_output: { active: false, failed: 0 },
        },
        {
          name: 'a syntax error in a patch',
          description: '422 with line and column; the active version goes on.',
          input: { id: 'model.attention', source: 'const attention = (;\nexport default attention;' },
          expected_error: 'code_invalid',
        },
        {
          name: 'a patch that never ends',
          description: 'The candidate is stopped at its time limit.',
          input: { id: 'memory.eviction', source: 'for (;;) {}\nexport default null;', time_limit_ms: 300 },
          expected_error: 'code_invalid',
        },
        {
          name: 'patch an unknown resource',
          description: 'Only scripts can be made.',
          input: { id: 'model.soul', source: '' },
          expected_error: 'not_found',
        },
        {
          name: 'check a normalizer',
          description: 'Lower case; offsets still refer to the text that the caller gave.',
          input: {
            id: 'tokenizer.normalizer',
            source:
              "import type { TextNormalizer } from '../../engine/text/text-normalizer.ts';\n\nconst normalize: TextNormalizer = (text) => text.toLowerCase();\n\nexport default normalize;\n",
            validate_only: true,
          },
          expected_output: { active: false, failed: 0 },
        },
        {
          name: 'a shader in another language',
          description: '422 names the languages of the resource.',
          input: { id: 'kernel.softmax', source: '', language: 'typescript' },
          expected_error: 'validation_failed',
        },
        {
          name: 'a sampler in Python',
          description: 'Fragments may be written in Python; the sampler is called for every token, and may not.',
          input: { id: 'sampler', source: '', language: 'python' },
          expected_error: 'validation_failed',
        },
        {
          name: 'a patch in no known language',
          description: '422 names the languages.',
          input: { id: 'script.example', source: '', language: 'cobol' } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
    remove: endpoint({
      method: 'DELETE',
      path: 'resources/{id}',
      scope: 'patch',
      summary: 'Delete a resource',
      consequence: 'deletes the resource and its revisions',
      description: 'Of a built-in resource the patches: its own version is active again. A script of yours goes with its revisions.',
      input: z.object({ id }),
      output: z.object({
        id,
        deleted: z.boolean().meta({ description: 'It is gone.' }),
        restored: z.boolean().meta({ description: 'The built-in version is active again.' }),
        revisions_deleted: z.int().min(0),
      }),
      errors: ['not_found', 'conflict'],
      examples: [
        { name: 'delete an unknown resource', description: 'No such resource.', input: { id: 'model.soul' }, expected_error: 'not_found' },
        {
          name: 'delete an unknown script',
          description: 'No such script either.',
          input: { id: 'script.no-such-script' },
          expected_error: 'not_found',
        },
        {
          name: 'delete a resource with reserved characters',
          description: 'Slashes and question marks travel encoded.',
          input: { id: 'a/b?c=d' },
          expected_error: 'not_found',
        },
      ],
    }),
    revisions: endpoint({
      method: 'GET',
      path: 'resources/{id}/revisions',
      scope: 'read',
      summary: 'History of a resource',
      description: 'Every version that became active, the latest first and the built-in one last; kept in this browser.',
      input: z.object({ id }),
      output: z.object({ id, revisions: z.array(revision) }),
      errors: ['not_found'],
      examples: [
        {
          name: 'history of attention',
          description: 'One revision is active, and the built-in one is among them.',
          input: { id: 'model.attention' },
          validation_rules: {
            one_active: 'output.revisions.exists_one(r, r.active)',
            has_the_built_in: 'output.revisions.exists_one(r, r.built_in)',
          },
        },
        {
          name: 'history of an unknown resource',
          description: 'No such resource.',
          input: { id: 'model.soul' },
          expected_error: 'not_found',
        },
        {
          name: 'history of a resource of one space',
          description: 'No such resource either.',
          input: { id: ' ' },
          expected_error: 'not_found',
        },
      ],
    }),
    revert: endpoint({
      method: 'POST',
      path: 'resources/{id}/revert',
      scope: 'patch',
      summary: 'Go back to a revision',
      description:
        'It was tested when it became active, and is active again with the next step. Left out: the built-in version, with which the outputs are the old ones to the bit.',
      input: z.object({ id, revision_id: revisionId.optional() }),
      output: z.object({
        resource: resourceSummary,
        revision_id: revisionId,
        changed: z.boolean().meta({ description: '`false`: it was active already.' }),
      }),
      errors: ['not_found', 'conflict', 'code_invalid'],
      examples: [
        { name: 'revert an unknown resource', description: 'No such resource.', input: { id: 'model.soul' }, expected_error: 'not_found' },
        {
          name: 'revert to an unknown revision',
          description: 'A revision that was never kept.',
          input: { id: 'model.norm', revision_id: '0000000000000000' },
          expected_error: 'not_found',
        },
        {
          name: 'revert to a revision that is no text',
          description: '422 names the field.',
          input: { id: 'model.norm', revision_id: 7 } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
    compareVersions,
    testResource: endpoint({
      method: 'POST',
      path: 'test/{id}',
      scope: 'patch',
      summary: 'Test a candidate',
      consequence: 'runs this code once, in a worker that is thrown away: it reaches the network',
      description:
        'Runs the examples of a resource against a source given here, or the active version, and changes nothing. A candidate that does not compile is a result with diagnostics here, no problem.',
      input: z.object({
        id,
        source: z.string().max(MAX_SOURCE).optional().meta({ description: 'Left out: the active version.' }),
        language: language.optional().meta({ description: 'Left out: the first of the resource’s `languages`.' }),
        cases: z.array(z.string()).max(1000).optional().meta({ description: 'Names of the examples to run; all when left out.' }),
        compare: z.boolean().default(true).meta({ description: 'Measure the effect on the model beside the built-in version.' }),
        time_limit_ms: timeLimit,
      }),
      output: z
        .object({
          id,
          candidate: z.boolean().meta({ description: 'A source was given.' }),
          ...check,
          effect: effect.nullable().meta({ description: 'Of fragments of the model, where a model is loaded.' }),
        })
        .meta({ id: 'CodeTest' }),
      errors: ['not_found', 'model_not_loaded', 'conflict', 'cancelled'],
      safe: true,
      examples: [
        {
          name: 'test the active norm',
          description: 'Every case passes.',
          input: { id: 'model.norm', compare: false },
          expected_output: { candidate: false, failed: 0, diagnostics: [] },
          validation_rules: { something_was_tested: 'output.passed > 0' },
        },
        {
          name: 'test a candidate that does not compile',
          description: 'A diagnostic with its line.',
          input: { id: 'sampler', source: 'export default (logits) =>\n' },
          expected_output: { candidate: true, passed: 0 },
          validation_rules: { says_where: 'output.diagnostics.exists(d, d.severity == "error" && d.line != null)' },
        },
        {
          name: 'test an unknown case',
          description: 'The resource has no example of that name.',
          input: { id: 'model.norm', cases: ['no such case'] },
          expected_error: 'not_found',
        },
        { name: 'test an unknown resource', description: 'No such resource.', input: { id: 'model.soul' }, expected_error: 'not_found' },
        {
          name: 'a time limit of nothing',
          description: '422 names the bound.',
          input: { id: 'model.norm', time_limit_ms: 0 },
          expected_error: 'validation_failed',
        },
      ],
    }),
    run: runScript,
  },
});
