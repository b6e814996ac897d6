/** What there is to know of a code resource whose source is a module: one object each, so that nobody goes by its id. */
import type { Output } from '../../../contract/index.ts';
import type { ModelFragments } from '../../../engine/graph/index.ts';
import type { Engine, EvictionSource, PolicySource, SamplingFunction } from '../../../engine/index.ts';
import type { TextNormalizer } from '../../../engine/text/text-normalizer.ts';
import type { TEXTS } from '../../../patchable/generated/texts.ts';
import type { Case } from '../check/case.ts';
import type { Provider } from '../../../ports/provider.ts';
import type { Language } from '../compiled-module.ts';

export type Resource = Output<'code', 'resource'>;

/** What runs beside the graph. */
export interface RunCode {
  sample: SamplingFunction;
  policy: PolicySource;
  eviction: EvictionSource;
  normalize: TextNormalizer;
}

/** Where it runs. */
interface Places {
  /** `null` while no model is loaded: its engine starts with what is active. */
  engine: Engine | null;
  text: { setNormalizer(normalize: TextNormalizer): void };
}

export interface Kind extends Pick<Resource, 'id' | 'service' | 'kind' | 'title' | 'signature'> {
  /** The first is that of the built-in version. */
  readonly languages: readonly Language[];
  /** Every version that came with the workbench. */
  readonly builtIns: readonly { readonly name: string; readonly path: keyof typeof TEXTS; readonly rule: string }[];
  /** Which of them is active unless someone chooses. */
  active(provider: Provider): string;
  /** What of a prompt's way to text it changes; `null`: nothing of it. */
  readonly changes: 'logits' | 'text' | 'tokens' | null;
  /** The part of the graph that it builds; `null`: none. */
  readonly fragment: keyof ModelFragments | null;
  /** What a default export comes to; nothing for a fragment. */
  fit(exported: unknown): Partial<RunCode>;
  /** Puts what is active where it runs. */
  put(code: RunCode, places: Places): unknown;
  /** The field of the engine's configuration by which a built-in version is chosen; that takes the place of a patch. */
  readonly chosenBy: 'policy' | 'eviction' | null;
  /** The field by which a plan names a version; `null`: plans don't run it. */
  readonly inPlan: 'kernel' | 'policy' | 'code_revisions' | null;
  /** What a candidate must get right. */
  readonly cases: readonly Case[];
}

/** Of what the generated index lists of a kind, with the rules that the files say. */
export const versions = <N extends string>(
  modules: readonly { readonly name: N; readonly path: keyof typeof TEXTS }[],
  rules: Readonly<Record<N, string>>,
): Kind['builtIns'] => modules.map(({ name, path }) => ({ name, path, rule: rules[name] }));

/** The declaration that a default export must fit. */
export const signatureOf = (name: string, type: string, module: string): string =>
  `import type { ${type} } from '../../${module}';\n\ndeclare const ${name}: ${type};\nexport default ${name};\n`;
