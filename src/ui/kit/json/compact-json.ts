/** JSON to be read and edited by people: indented, with lists of plain values on one line and tensors as plain lists. */
import { encodeTensors } from '../../../contract/index.ts';

/** No string has a line break of its own in JSON, so what stands between brackets over several lines is a list. */
export const compactJson = (value: unknown): string =>
  JSON.stringify(value, encodeTensors, 2).replace(
    /\[\n\s+([^[\]{}]*?)\n\s*\]/g,
    (_, items: string) => `[${items.replace(/,\n\s+/g, ', ')}]`,
  );
