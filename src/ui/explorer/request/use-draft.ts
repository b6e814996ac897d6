/** The input being written for an endpoint: one text and the value in it, whichever of form and editor changes it. */
import { useCallback, useState } from 'react';
import type { Route } from '../../../contract/index.ts';
import { jsonFault } from '../../../environment/json-fault.ts';

export interface Draft {
  /** What the JSON editor shows. */
  text: string;
  /** The value of the text, or of the last text that was JSON. */
  value: unknown;
  /** Why the text is no JSON, if it is not. */
  parseError: string | undefined;
}

/** Drafts outlive their view: going to another endpoint and back loses nothing. */
const kept = new Map<string, Draft>();

const draftOf = (value: unknown): Draft => ({ value, text: JSON.stringify(value, null, 2), parseError: undefined });

function parse(text: string, before: unknown): Draft {
  const fault = jsonFault(text);
  return fault === null ? { text, value: JSON.parse(text), parseError: undefined } : { text, value: before, parseError: fault };
}

/** The first example that is meant to work. */
function firstInput({ endpoint }: Route): unknown {
  return (endpoint.examples.find((example) => example.expected_error === undefined) ?? endpoint.examples[0])?.input ?? {};
}

export function useDraft(route: Route) {
  const key = `${route.service}/${route.operation}`;
  const [draft, setDraft] = useState<Draft>(() => kept.get(key) ?? draftOf(firstInput(route)));
  const update = useCallback(
    (change: (before: Draft) => Draft) =>
      setDraft((before) => {
        const after = change(before);
        kept.set(key, after);
        return after;
      }),
    [key],
  );
  const setText = useCallback((text: string) => update((before) => (text === before.text ? before : parse(text, before.value))), [update]);
  const setValue = useCallback((value: unknown) => update(() => draftOf(value)), [update]);
  return { draft, setText, setValue };
}
