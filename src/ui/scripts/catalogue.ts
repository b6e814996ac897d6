/** The scripts there are: the examples that come with the workbench, the user's own, kept in this browser, and those that the code service holds. */
import { resourceKind } from '../../contract/resource-kind.ts';
import { newId } from '../../environment/ids.ts';
import { Observable } from '../../environment/observable.ts';
import { localTexts } from '../../environment/text-store.ts';
import type { ScriptLanguage } from '../../contract/code-run.ts';
import { useObserved } from '../kit/use-observed.ts';

export interface ScriptEntry {
  id: string;
  title: string;
  source: string;
  language: Language;
  from: 'example' | 'browser' | 'service';
  /** As it came, or as the service has it. Undefined where what stands in the editor is all there is. */
  original?: string;
}

/** As the code service has it. */
export interface SavedScript {
  /** `script.name` */
  id: string;
  title: string;
  source: string;
  language: Language;
}

/** Of what the panel offers; the API runs plain JavaScript too. */
export type Language = Extract<ScriptLanguage, 'typescript' | 'python'>;
export const LANGUAGES: Readonly<Record<Language, string>> = { typescript: 'TypeScript', python: 'Python' };

const files = import.meta.glob<string>(['../../../examples/*.ts', '../../../examples/python/*.py', '!**/*.d.ts', '!**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The last line of an example makes it a module for the type checker; a reader of the panel has no use for it. */
const withoutModuleMark = (source: string) => `${source.replace(/\n*export \{\};[^\n]*\s*$/, '')}\n`;

/** From calling the API to changing what is behind it. */
const ORDER = [
  'compare-two-prompts',
  'call-overhead-and-throughput',
  'attention-kernels-by-batch-size',
  'keep-a-plan-and-patch-the-sampler',
  'run-every-example',
  'seed',
  'python/seed',
  'python/compare-two-prompts',
  'python/kernels-by-batch-size',
  'python/patch-the-norm',
  'python/run-every-example',
];

export const examples: readonly ScriptEntry[] = Object.entries(files)
  .map(([path, source]) => {
    const id = path.replace(/^.*\/examples\//, '').replace(/\.\w+$/, '');
    const language: Language = path.endsWith('.py') ? 'python' : 'typescript';
    const original = language === 'typescript' ? withoutModuleMark(source) : source;
    return { id, title: titleOf(id), source: original, original, language, from: 'example' as const };
  })
  .sort((a, b) => (ORDER.indexOf(a.id) + 1 || 99) - (ORDER.indexOf(b.id) + 1 || 99));

function titleOf(id: string): string {
  const words = id.replace(/^python\//, '').replaceAll('-', ' ');
  const title = words.slice(0, 1).toUpperCase() + words.slice(1);
  return id.startsWith('python/') ? `${title}, in Python` : title;
}

export const NEW_SCRIPTS: Readonly<Record<Language, string>> = {
  typescript: `// A script runs in the worker, where the services live: a direct call is a function call.
const { input_ids } = await client.post('tokenizer', 'tokenize', { text: 'Once upon a time' });
print(input_ids);
`,
  python: `# A script runs in the worker, where the services live: a direct call is a function call.
tokens = await client.post("tokenizer", "tokenize", {"text": "Once upon a time"})
print(tokens["input_ids"])
`,
};

/** Changes to examples and saved scripts, and own scripts: what differs from what the workbench brings and the service has. */
interface Stored {
  edited: Record<string, string>;
  /** TypeScript where no language stands. */
  own: { id: string; title: string; source: string; language?: Language }[];
}

const KEY = 'glassbox-scripts';

export class Catalogue {
  #stored: Stored;
  #saved: readonly SavedScript[] = [];
  readonly #entries: Observable<readonly ScriptEntry[]>;

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#stored = this.#read();
    this.#entries = new Observable(this.#make());
  }

  get entries(): Pick<Observable<readonly ScriptEntry[]>, 'get' | 'subscribe'> {
    return this.#entries;
  }

  create(source?: string, title = 'New script', language: Language = 'typescript'): ScriptEntry {
    const entry = { id: `own-${newId()}`, title: this.#freeTitle(title), source: source ?? NEW_SCRIPTS[language], language };
    this.#write({ ...this.#stored, own: [...this.#stored.own, entry] });
    return { ...entry, from: 'browser' };
  }

  /** What the code service holds now. */
  setSaved(saved: readonly SavedScript[]): void {
    if (JSON.stringify(saved) === JSON.stringify(this.#saved)) return;
    this.#saved = saved;
    // A change that is saved is none any more.
    const edited = Object.entries(this.#stored.edited).filter(([id, source]) => saved.find((each) => each.id === id)?.source !== source);
    this.#write({ ...this.#stored, edited: Object.fromEntries(edited) });
  }

  edit(id: string, source: string): void {
    const original = this.#entries.get().find((each) => each.id === id)?.original;
    if (original !== undefined) {
      const { [id]: _, ...edited } = this.#stored.edited;
      this.#write({ ...this.#stored, edited: source === original ? edited : { ...edited, [id]: source } });
    } else {
      this.#change(id, { source });
    }
  }

  /** An example as it came, a saved script as it was saved. */
  restore(id: string): void {
    const { [id]: _, ...edited } = this.#stored.edited;
    this.#write({ ...this.#stored, edited });
  }

  rename(id: string, title: string): void {
    const name = title.trim().slice(0, 80);
    if (name) this.#change(id, { title: name });
  }

  /** A template that nobody has changed gives way to that of the new language. */
  setLanguage(id: string, language: Language): void {
    const source = this.#stored.own.find((each) => each.id === id)?.source ?? '';
    const isTemplate = Object.values(NEW_SCRIPTS).includes(source) || source.trim() === '';
    this.#change(id, { language, ...(isTemplate && { source: NEW_SCRIPTS[language] }) });
  }

  remove(id: string): void {
    this.#write({ ...this.#stored, own: this.#stored.own.filter((each) => each.id !== id) });
  }

  #change(id: string, change: Partial<Stored['own'][number]>): void {
    this.#write({ ...this.#stored, own: this.#stored.own.map((each) => (each.id === id ? { ...each, ...change } : each)) });
  }

  #freeTitle(title: string): string {
    const taken = new Set(this.#entries.get().map((each) => each.title));
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? title : `${title} ${n}`;
      if (!taken.has(candidate)) return candidate;
    }
  }

  #make(): readonly ScriptEntry[] {
    const { edited, own } = this.#stored;
    return [
      ...examples.map((each) => ({ ...each, source: edited[each.id] ?? each.source })),
      ...own.map((each) => ({ ...each, language: each.language ?? 'typescript', from: 'browser' as const })),
      ...this.#saved.map(({ id, title, source, language }) => ({
        ...{ id, title, language, original: source, source: edited[id] ?? source },
        from: 'service' as const,
      })),
    ];
  }

  #read(): Stored {
    try {
      const { edited, own } = JSON.parse(this.storage.getItem(KEY) ?? '{}') as Partial<Stored>;
      const text = (value: unknown) => typeof value === 'string';
      const kept = Object.entries(edited ?? {}).filter(([, source]) => text(source));
      // What a change to the code service's script is of is known only when that has answered.
      const hasOriginal = (id: string) => examples.some((each) => each.id === id) || resourceKind(id) === 'script';
      return {
        edited: Object.fromEntries(kept.filter(([id]) => hasOriginal(id))),
        own: [
          ...(own ?? [])
            .filter((each) => text(each?.id) && text(each.title) && text(each.source))
            .map(({ language, ...each }) => ({
              ...each,
              ...(language !== undefined && Object.hasOwn(LANGUAGES, language) && { language }),
            })),
          // An example that was changed here and is no longer among them stays, as a script of the user's own.
          ...kept.filter(([id]) => !hasOriginal(id)).map(([id, source]) => ({ id, title: titleOf(id), source })),
        ],
      };
    } catch {
      return { edited: {}, own: [] };
    }
  }

  #write(next: Stored): void {
    this.#stored = next;
    this.storage.setItem(KEY, JSON.stringify(next));
    this.#entries.set(this.#make());
  }
}

export const catalogue = new Catalogue(localTexts);

export const useEntries = (): readonly ScriptEntry[] => useObserved(catalogue.entries);
