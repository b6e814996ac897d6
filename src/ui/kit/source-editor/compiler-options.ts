/** How the editor reads a script: as a module of the worker, as strictly as our own code; in a file apart, so that a test can use it without an editor. */

/** In the numbers of TypeScript's own enums, since the editor's copy of them names fewer. */
export const COMPILER_OPTIONS = {
  /** ESNext */
  target: 99,
  module: 99,
  /** Bundler: import paths carry `.ts`. */
  moduleResolution: 100,
  /** Every file is a module: two scripts may use the same names. */
  moduleDetection: 3,
  lib: ['lib.esnext.d.ts', 'lib.webworker.d.ts', 'lib.webworker.iterable.d.ts', 'lib.webworker.asynciterable.d.ts'],
  types: [] as string[],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
};

/** `return` outside a function: a script is the body of one. */
export const IGNORED_DIAGNOSTICS = [1108];
