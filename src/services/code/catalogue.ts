/** The resources that come with the workbench: what each is for, and its source, which is the file that runs. */
import { TEXTS } from '../../patchable/generated/texts.ts';
import { SHADER_KERNELS, type ShownKernel } from '../../patchable/kernels/index.ts';
import type { Provider } from '../../ports/provider.ts';
import { kernelSignature } from './kernel/kernel-signature.ts';
import { type Kind, KINDS, type Resource } from './kinds/index.ts';

export interface Definition extends Pick<Kind, 'id' | 'service' | 'kind' | 'title' | 'signature' | 'languages'> {
  /** The version that is active unless it is patched; attention has one a provider. */
  builtIn(provider: Provider): string;
  /** Every version that came with the workbench, where there are several. */
  variants: Resource['variants'];
}

/** The comment that a file begins with: why it exists. */
export function describe(source: string): string {
  const [, block, lines] = /^(?:\/\*\*\s*([\s\S]*?)\s*\*\/|((?:\/\/.*\n)+))/.exec(source) ?? [];
  return block?.replace(/\s*\n \*\s*/g, ' ') ?? lines?.replace(/\s*(?:^|\n)\/\/\s*/g, ' ').trim() ?? '';
}

function moduleDefinition(kind: Kind): Definition {
  const variants = kind.builtIns.map(({ name, path, rule }) => ({ name, description: rule, source: TEXTS[path] }));
  return {
    ...kind,
    builtIn: (provider) => variants.find(({ name }) => name === kind.active(provider))!.source,
    variants: variants.length > 1 ? variants : [],
  };
}

const kernelDefinition = (kernel: ShownKernel): Definition => ({
  id: `kernel.${kernel.name}`,
  service: 'computation',
  kind: 'kernel',
  languages: ['wgsl'],
  title: kernel.title,
  signature: kernelSignature(kernel),
  builtIn: () => kernel.source,
  variants: [],
});

export const CATALOGUE: readonly Definition[] = [...KINDS.map(moduleDefinition), ...SHADER_KERNELS.map(kernelDefinition)];
