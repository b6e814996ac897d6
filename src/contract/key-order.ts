/** Objects whose keys stay in the order given: zod puts those of the schema first, and a chat template prints what it gets. */
import { z } from 'zod';

const KeyOrderObject: z.core.$constructor<z.ZodObject> = z.core.$constructor('KeyOrderObject', (schema, definition) => {
  z.ZodObject.init(schema, definition);
  const { _zod: internals } = schema;
  const { parse } = internals;
  internals.parse = (payload, context) => {
    const given = payload.value;
    const result = parse(payload, context);
    return result instanceof Promise ? result.then((done) => reordered(done, given)) : reordered(result, given);
  };
});

function reordered(payload: z.core.ParsePayload, given: unknown): z.core.ParsePayload {
  if (payload.issues.length > 0) return payload;
  const value = payload.value as Record<string, unknown>;
  payload.value = Object.fromEntries(Object.keys(given as object).flatMap((key) => (Object.hasOwn(value, key) ? [[key, value[key]]] : [])));
  return payload;
}

export const inGivenOrder = <S extends z.ZodObject>(schema: S): S => new KeyOrderObject(schema.def) as z.ZodObject as S;
