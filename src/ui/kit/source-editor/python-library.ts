/** What a script in Python can name, with signatures and docstrings, read from the sources of the package `glassbox`. */

export interface PythonName {
  name: string;
  /** As it is declared, without `self`. */
  signature: string;
  doc: string;
  isCallable: boolean;
}

export interface PythonLibrary {
  /** In reach without an import. */
  names: readonly PythonName[];
  /** By the name that they belong to. */
  members: ReadonlyMap<string, readonly PythonName[]>;
}

const sources = import.meta.glob<string>('../../../../python/src/glassbox/*.py', { query: '?raw', import: 'default', eager: true });

/** Whose instance a name is. */
const INSTANCES = { client: 'Client', designer: 'Designer', researcher: 'Researcher', tester: 'Tester' } as const;
/** Functions of a script that are methods of the package. */
const FUNCTIONS = ['table', 'plot', 'picture'] as const;

const DEFINITION = /^ {4}(async )?def (\w+)\(self(?:, )?([^\n]*)\) -> ([^\n]+):\n(?: {8}"""([\s\S]*?)""")?/gm;
const CLASS = /^class (\w+)[^\n]*:\n(?: {4}"""([\s\S]*?)""")?/gm;

const unindented = (text = ''): string => text.replaceAll(/^ +/gm, '').trim();

/** The public methods of every class, and what is said of the class. */
export function classesOf(source: string): Map<string, { doc: string; methods: PythonName[] }> {
  const classes = new Map<string, { doc: string; methods: PythonName[] }>();
  const starts = [...source.matchAll(CLASS)];
  for (const [i, { 1: name = '', 2: doc, index }] of starts.entries()) {
    const body = source.slice(index, starts[i + 1]?.index);
    const methods = [...body.matchAll(DEFINITION)].flatMap(([whole, isAsync, method = '', parameters = '', result = '', text], at) => {
      if (method.startsWith('_') && method !== '__call__') return [];
      const isProperty = /@property\s*$/.test(body.slice(0, body.indexOf(whole)));
      const signature = isProperty ? `${method}: ${result}` : `${isAsync ?? ''}def ${method}(${parameters}) -> ${result}`;
      return [{ name: method, signature, doc: unindented(text), isCallable: !isProperty, at }];
    });
    classes.set(name, { doc: unindented(doc), methods: methods.map(({ at: _, ...each }) => each) });
  }
  return classes;
}

export function pythonLibrary(): PythonLibrary {
  const classes = new Map(Object.values(sources).flatMap((source) => [...classesOf(source)]));
  const methodsOf = (name: string) => classes.get(name)?.methods ?? [];
  const members = new Map<string, readonly PythonName[]>(Object.entries(INSTANCES).map(([name, type]) => [name, methodsOf(type)]));
  const instances = Object.entries(INSTANCES).map(([name, type]): PythonName => ({
    name,
    signature: `${name}: ${type}`,
    doc: classes.get(type)?.doc ?? '',
    isCallable: false,
  }));
  const print = methodsOf('Print').filter(({ name }) => name === '__call__');
  members.set(
    'print',
    methodsOf('Print').filter(({ name }) => name !== '__call__'),
  );
  return {
    names: [
      ...instances,
      ...print.map((each) => ({ ...each, name: 'print', signature: each.signature.replace('__call__', 'print') })),
      ...methodsOf('Show').filter(({ name }) => (FUNCTIONS as readonly string[]).includes(name)),
    ],
    members,
  };
}
