/** What every script has in reach, for the type checker: the runner puts it there. */

declare const client: import('../src/client/client.ts').Client;
declare const designer: import('../src/client/designer.ts').Designer;
declare const researcher: import('../src/client/researcher.ts').Researcher;
declare const tester: import('../src/client/tester.ts').Tester;
/** The services themselves: their methods take whole inputs and a context, with nothing in between. */
declare const services: {
  readonly [S in 'tokenizer' | 'model' | 'memory' | 'scheduler']: Required<import('../src/contract/index.ts').Implementation<S>>;
};
/** Aborted when the script is to stop; pass it on to whatever waits for long. */
declare const signal: AbortSignal;
declare const table: import('../src/services/code/script-api.ts').Table;
declare const plot: import('../src/services/code/script-api.ts').Plot;

/** Shows values. Tensors and typed arrays are summarised: shape, range, first values. */
// A function and not a constant: a page's own `print` has that name too, and functions of one name add up.
declare function print(...values: unknown[]): void;
declare namespace print {
  function warn(...values: unknown[]): void;
  function error(...values: unknown[]): void;
}
