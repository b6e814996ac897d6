/** The scripts there are: the examples that come with the workbench, and the user's own, kept in this browser. */
import { useSyncExternalStore } from 'react';
import { newId } from '../../environment/ids.ts';
import { localTexts } from '../../environment/text-store.ts';

export interface ScriptEntry {
  id: string;
  title: string;
  source: string;
  /** For an example: as it came. Undefined for the user's own. */
  original?: string;
}

const files = import.meta.glob<string>(['../../../examples/*.ts', '!**/*.d.ts', '!**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The last line of an example makes it a module for the type checker; a reader of the panel has no use for it. */
const withoutModuleMark = (source: string) => `${source.replace(/\n*export \{\};[^\n]*\s*$/, '')}\n`;

/** In the order of the roles: from calling the API to changing what is behind it. */
const ORDER = ['algorithm-developer', 'production-research', 'researcher', 'system-designer', 'tester'];

export const examples: readonly ScriptEntry[] = Object.entries(files)
  .map(([path, source]) => {
    const id = path.replace(/^.*\//, '').replace(/\.ts$/, '');
    const original = withoutModuleMark(source);
    return { id, title: titleOf(id), source: original, original };
  })
  .sort((a, b) => (ORDER.indexOf(a.id) + 1 || 99) - (ORDER.indexOf(b.id) + 1 || 99));

function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

export const NEW_SCRIPT = `// A script runs in the worker, where the services live: a direct call is a function call.
const { input_ids } = await client.post('tokenizer', 'tokenize', { text: 'Once upon a time' });
print(input_ids);
`;

/** Changed examples and own scripts: what differs from what the workbench brings. */
interface Stored {
  edited: Record<string, string>;
  own: { id: string; title: string; source: string }[];
}

const KEY = 'glassbox-scripts';

export class Catalogue {
  #stored: Stored;
  #entries: readonly ScriptEntry[];
  readonly #listeners = new Set<() => void>();

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#stored = this.#read();
    this.#entries = this.#make();
  }

  readonly entries = (): readonly ScriptEntry[] => this.#entries;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  create(source = NEW_SCRIPT, title = 'New script'): ScriptEntry {
    const entry = { id: `own-${newId()}`, title: this.#freeTitle(title), source };
    this.#write({ ...this.#stored, own: [...this.#stored.own, entry] });
    return entry;
  }

  edit(id: string, source: string): void {
    const example = examples.find((each) => each.id === id);
    if (example) {
      const { [id]: _, ...edited } = this.#stored.edited;
      this.#write({ ...this.#stored, edited: source === example.original ? edited : { ...edited, [id]: source } });
    } else {
      this.#change(id, { source });
    }
  }

  /** An example as it came. */
  restore(id: string): void {
    const { [id]: _, ...edited } = this.#stored.edited;
    this.#write({ ...this.#stored, edited });
  }

  rename(id: string, title: string): void {
    const name = title.trim().slice(0, 80);
    if (name) this.#change(id, { title: name });
  }

  remove(id: string): void {
    this.#write({ ...this.#stored, own: this.#stored.own.filter((each) => each.id !== id) });
  }

  #change(id: string, change: Partial<{ title: string; source: string }>): void {
    this.#write({ ...this.#stored, own: this.#stored.own.map((each) => (each.id === id ? { ...each, ...change } : each)) });
  }

  #freeTitle(title: string): string {
    const taken = new Set(this.#entries.map((each) => each.title));
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? title : `${title} ${n}`;
      if (!taken.has(candidate)) return candidate;
    }
  }

  #make(): readonly ScriptEntry[] {
    const { edited, own } = this.#stored;
    return [...examples.map((each) => ({ ...each, source: edited[each.id] ?? each.source })), ...own];
  }

  #read(): Stored {
    try {
      const { edited, own } = JSON.parse(this.storage.getItem(KEY) ?? '{}') as Partial<Stored>;
      const text = (value: unknown) => typeof value === 'string';
      return {
        edited: Object.fromEntries(Object.entries(edited ?? {}).filter(([, source]) => text(source))),
        own: (own ?? []).filter((each) => text(each?.id) && text(each.title) && text(each.source)),
      };
    } catch {
      return { edited: {}, own: [] };
    }
  }

  #write(next: Stored): void {
    this.#stored = next;
    this.#entries = this.#make();
    this.storage.setItem(KEY, JSON.stringify(next));
    for (const listener of this.#listeners) listener();
  }
}

export const catalogue = new Catalogue(localTexts);

export const useEntries = (): readonly ScriptEntry[] => useSyncExternalStore(catalogue.subscribe, catalogue.entries);

/** Where a script is opened. */
export const hrefOf = ({ id }: Pick<ScriptEntry, 'id'>): string => `/scripts/${encodeURIComponent(id)}`;
