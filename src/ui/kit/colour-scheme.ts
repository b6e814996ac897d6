/** Light or dark as a person chose it, kept as far as the browser keeps anything, and followed when another tab changes it. */
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { localTexts } from '../../environment/text-store.ts';

/** The address's first script reads it too, before the first paint. */
const KEY = 'glassbox-colour-scheme';

const isScheme = (value: unknown): value is MantineColorScheme => value === 'light' || value === 'dark' || value === 'auto';

export function colourSchemeManager(): MantineColorSchemeManager {
  let listener: (event: StorageEvent) => void = () => {};
  return {
    get: (otherwise) => {
      const kept = localTexts.getItem(KEY);
      return isScheme(kept) ? kept : otherwise;
    },
    set: (scheme) => localTexts.setItem(KEY, scheme),
    subscribe: (update) => {
      listener = ({ key, newValue }) => {
        if (key === KEY && isScheme(newValue)) update(newValue);
      };
      addEventListener('storage', listener);
    },
    unsubscribe: () => removeEventListener('storage', listener),
    clear: () => localTexts.removeItem(KEY),
  };
}
