/** Completion and hover for scripts in Python: from the package's own sources, and for paths of services from the contract. */
import { routes } from '../../../contract/index.ts';
import { monaco } from '../monaco/setup.ts';
import { type PythonName, pythonLibrary } from './python-library.ts';

const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
const library = pythonLibrary();

const shown = ({ signature, doc }: PythonName) => ({ value: `\`\`\`python\n${signature}\n\`\`\`\n\n${doc}` });

/** `client.po|`: what stands before the point, null where there is none. */
const ownerOf = (before: string): string | null => /(\w+)\.\w*$/.exec(before)?.[1] ?? null;

const CALL = /(?:client)\.(get|post|put|delete|stream)\(\s*["'](\w*)(?:(["'])\s*,\s*["']([\w/{}-]*))?$/;

/** Names of services in the first text of a call, its paths in the second. */
function ofContract(before: string): { text: string; doc: string }[] {
  const [, method = '', service = '', closed] = CALL.exec(before) ?? [];
  if (!method) return [];
  const fitting = routes.filter(({ endpoint }) => (method === 'stream' ? endpoint.event : endpoint.method === method.toUpperCase()));
  if (!closed) return [...new Set(fitting.map((route) => route.service))].map((name) => ({ text: name, doc: '' }));
  return fitting
    .filter((route) => route.service === service)
    .map(({ endpoint }) => ({ text: endpoint.path, doc: `${endpoint.summary}.\n\n${endpoint.description}` }));
}

monaco.languages.registerCompletionItemProvider('python', {
  triggerCharacters: ['.', '"', "'", '/'],
  provideCompletionItems(model, position) {
    if (!model.uri.path.startsWith('/examples/')) return { suggestions: [] };
    const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
    const word = /[\w/{}-]*$/.exec(before)![0];
    const range = new monaco.Range(position.lineNumber, position.column - word.length, position.lineNumber, position.column);
    const contract = ofContract(before);
    if (contract.length > 0 || /["'][^"']*$/.test(before.replace(/(["'])[^"']*\1/g, ''))) {
      return {
        suggestions: contract.map(({ text, doc }) => ({
          label: text,
          kind: CompletionItemKind.Value,
          insertText: text,
          documentation: doc,
          range,
        })),
      };
    }
    const owner = ownerOf(before);
    const names = owner === null ? library.names : (library.members.get(owner) ?? []);
    const short = /\w*$/.exec(before)![0];
    const at = new monaco.Range(position.lineNumber, position.column - short.length, position.lineNumber, position.column);
    return {
      suggestions: names.map((name) => ({
        label: name.name,
        kind: name.isCallable ? CompletionItemKind.Method : CompletionItemKind.Variable,
        detail: name.signature,
        documentation: name.doc,
        insertText: name.isCallable ? `${name.name}($0)` : name.name,
        insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet,
        range: at,
      })),
    };
  },
});

monaco.languages.registerHoverProvider('python', {
  provideHover(model, position) {
    const word = model.getWordAtPosition(position);
    if (!word || !model.uri.path.startsWith('/examples/')) return null;
    const before = model.getLineContent(position.lineNumber).slice(0, word.endColumn - 1);
    const owner = ownerOf(before);
    const name = (owner === null ? library.names : (library.members.get(owner) ?? [])).find((each) => each.name === word.word);
    return name ? { contents: [shown(name)] } : null;
  },
});
