/** The chat templates that lie beside tokenizer_config.json, in files of their own. */
import { decodeText } from './file-content.ts';
import type { Folder } from './folder.ts';
import { readChecked } from './read-checked.ts';

const FILE = 'chat_template.jinja';
const DIRECTORY = 'additional_chat_templates/';
/** Names to ask for where a directory can't be listed: those that `transformers` and published models know. */
const KNOWN = ['tool_use', 'rag'];

/** As the field `chat_template` would have it: one text, or several by name. Null where there are none. */
export async function readTemplates(folder: Folder): Promise<string | { name: string; template: string }[] | null> {
  const read = async (file: string): Promise<string | null> => {
    const found = await readChecked(folder, file, 'text', 'optional', (bytes) => decodeText(bytes, file));
    await found?.found.keep(null);
    return found?.value ?? null;
  };
  const main = await read(FILE);
  const listed = folder.list(DIRECTORY)?.filter((file) => file.endsWith('.jinja'));
  const files = listed ?? (main === null ? [] : KNOWN.map((name) => `${DIRECTORY}${name}.jinja`));
  const named = await Promise.all(
    files.map(async (file) => ({ name: file.slice(DIRECTORY.length, -'.jinja'.length), template: await read(file) })),
  );
  const others = named.flatMap(({ name, template }) => (template === null ? [] : [{ name, template }]));
  if (others.length === 0) return main;
  return main === null ? others : [{ name: 'default', template: main }, ...others];
}
