/** The files that the script editor's TypeScript sees: the real sources of client and roles, over a contract whose types are written out. */
import { contract } from '../../../contract/index.ts';
import { declareService } from './declarations.ts';

/** As text, and by their path in the repository, so that their imports of each other hold in the editor too. */
const sources = import.meta.glob<string>(
  [
    '../../../contract/{index,context,endpoint,envelope,errors,tensor}.ts',
    '../../../client/{address,client,roles,designer,researcher,tester}.ts',
    '../../../transport/transport.ts',
    '../../../services/code/script-api.ts',
    '../../../../examples/globals.d.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** As much of zod as types are read through. */
const ZOD = `
export namespace z {
  interface ZodType<Output = unknown, Input = Output> { readonly _output: Output; readonly _input: Input }
  interface ZodObject<Output = any, Input = Output> extends ZodType<Output, Input> {}
  type input<T> = T extends { readonly _input: infer I } ? I : any;
  type output<T> = T extends { readonly _output: infer O } ? O : any;
  type infer<T> = output<T>;
}
export declare const z: any;
`;

const fromRoot = (path: string) => path.replace(/^(?:\.\.\/)+(examples\/)?/, (_, examples?: string) => examples ?? 'src/');

/** Contents by path from the root: `src/client/client.ts`. */
export function editorLibrary(): Record<string, string> {
  const library: Record<string, string> = { 'node_modules/zod/index.d.ts': ZOD };
  for (const [path, text] of Object.entries(sources)) library[fromRoot(path)] = text;
  for (const service of Object.values(contract)) library[`src/contract/${service.name}.ts`] = declareService(service);
  return library;
}
