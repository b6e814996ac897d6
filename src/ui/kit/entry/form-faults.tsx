/** What a form's last answer found wrong: each field that is in sight claims its path and says it, and `ProblemAlert` says what is left. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError } from '../../../contract/index.ts';
import { Observable } from '../../../environment/observable.ts';
import { fewOf } from '../problem/problem-parts.ts';
import { type PlacedFaults, placeFaults, sentenceAt } from './place-faults.ts';
import { useObserved } from '../use-observed.ts';

/** A field in sight. */
interface Field {
  path: string | undefined;
  /** It holds what is no value of its kind, and says so. */
  isBroken: boolean;
}

interface Fields {
  claimed: ReadonlySet<string>;
  isBroken: boolean;
}

class FieldsInSight {
  #fields: readonly Field[] = [];
  readonly current = new Observable<Fields>({ claimed: new Set(), isBroken: false });

  add(field: Field): () => void {
    this.#change([...this.#fields, field]);
    return () => this.#change(this.#fields.filter((each) => each !== field));
  }

  #change(fields: readonly Field[]): void {
    this.#fields = fields;
    this.current.set({
      claimed: new Set(fields.flatMap(({ path }) => path ?? [])),
      isBroken: fields.some((field) => field.isBroken),
    });
  }
}

interface Faults {
  fields: FieldsInSight;
  isBroken: boolean;
  placed: PlacedFaults;
}

const FaultsContext = createContext<Faults | null>(null);

/** Around a form and its alert. @param error of the last answer, or null where the form has been changed since: it is of another input then */
export function FormFaults({ error, children }: { error: unknown; children: ReactNode }) {
  const [fields] = useState(() => new FieldsInSight());
  const { claimed, isBroken } = useObserved(fields.current);
  const value = useMemo(
    () => ({ fields, isBroken, placed: placeFaults(error ? ApiError.from(error).errors : [], claimed) }),
    [fields, isBroken, claimed, error],
  );
  return <FaultsContext value={value}>{children}</FaultsContext>;
}

/**
 * What the last answer found wrong with a field, as sentences.
 * @param path JSON Pointer into the input that the form sends; `undefined` for a field that stands alone
 * @param name as the page calls the field
 * @param isBroken whether it holds what is no value of its kind
 */
export function useFault(path: string | undefined, name: string, isBroken = false): string | undefined {
  const faults = useContext(FaultsContext);
  const fields = faults?.fields;
  useEffect(() => fields?.add({ path, isBroken }), [fields, path, isBroken]);
  const found = path === undefined ? undefined : faults?.placed.at.get(path);
  return found && fewOf(found.map((item) => sentenceAt(name, path!, item)));
}

/** Whether a field in sight holds what is no value. */
export const useIsBroken = (): boolean => useContext(FaultsContext)?.isBroken ?? false;

/** Whether a field says it already. */
export function useIsSaid(): (path: string) => boolean {
  const said = [...(useContext(FaultsContext)?.placed.at.values() ?? [])].flat();
  return (path) => said.some((item) => item.path === path);
}

/** For the `ref` of the form: the first field that an answer found wrong gets the focus. */
export function useFaultFocus<E extends HTMLElement>(error: unknown) {
  const ref = useRef<E>(null);
  useEffect(() => {
    if (error) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return ref;
}

/** Whether what was sent is what the form still says: the answer to another input says nothing of this one. */
export const isSameInput = (sent: unknown, now: unknown): boolean => JSON.stringify(sent) === JSON.stringify(now);
