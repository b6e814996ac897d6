/** The files that the types of a patch come from: the graph builder and the engine's interfaces as they run, by their path in the repository. */

const sources = import.meta.glob<string>(
  [
    '../../../engine/graph/*.ts',
    '../../../engine/{errors,eviction,policy,sampler,sequence,weights}.ts',
    '../../../engine/text/text-normalizer.ts',
    '../../../patchable/**/*.ts',
    '!**/*.test.ts',
    '!**/generated/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** As much of the protobuf writer as types are read through. */
const PROTOBUF = 'export declare class BinaryWriter { [method: string]: any }\nexport declare const WireType: any;\n';

/** Contents by path from the root: `src/engine/graph/graph.ts`. */
export function fragmentLibrary(): Record<string, string> {
  const library: Record<string, string> = { 'node_modules/@bufbuild/protobuf/wire.d.ts': PROTOBUF };
  for (const [path, text] of Object.entries(sources)) library[path.replace(/^(?:\.\.\/)+/, 'src/')] = text;
  return library;
}

const EXTENSIONS = { typescript: 'ts', python: 'py', wgsl: 'wgsl' } as const;

/** Where a draft lies, so that `../../engine/…` means the same as in the file that it replaces. */
export function draftPath(id: string, language: keyof typeof EXTENSIONS): string {
  return `src/patchable/${id.split('.')[0]}/${id.replaceAll(/[^\w.-]/g, '_')}.draft.${EXTENSIONS[language]}`;
}
