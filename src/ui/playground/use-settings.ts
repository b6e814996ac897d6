/** Holds the playground's settings in step with what the browser keeps, and takes what a deep link brings. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { localTexts } from '../../environment/text-store.ts';
import { useHashSearch } from '../kit/hash-location.ts';
import type { Parameters } from './parameters.ts';
import { decodeLink, encodeLink, loadSettings, saveSettings, type Settings } from './settings.ts';

const SAVE_AFTER_MS = 300;

export interface SettingsControl {
  settings: Settings;
  update: (change: Partial<Settings>) => void;
  setParameters: (change: Partial<Parameters>) => void;
  /** The address that opens the playground with these settings. */
  link: () => string;
}

export function useSettings(): SettingsControl {
  const search = useHashSearch();
  const [settings, setSettings] = useState(() => {
    const stored = loadSettings(localTexts);
    return decodeLink(search, stored) ?? stored;
  });
  const applied = useRef(search);
  useEffect(() => {
    if (applied.current === search) return;
    applied.current = search;
    setSettings((current) => decodeLink(search, current) ?? current);
  }, [search]);

  const latest = useRef(settings);
  useEffect(() => {
    latest.current = settings;
    const timer = setTimeout(() => saveSettings(localTexts, settings), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [settings]);
  // Leaving the panel within the delay must not lose the last edit.
  useEffect(() => () => saveSettings(localTexts, latest.current), []);

  const update = useCallback((change: Partial<Settings>) => setSettings((current) => ({ ...current, ...change })), []);
  const setParameters = useCallback(
    (change: Partial<Parameters>) => setSettings((current) => ({ ...current, parameters: { ...current.parameters, ...change } })),
    [],
  );
  const link = useCallback(() => `${location.href.split('#')[0]}#/playground?${encodeLink(latest.current)}`, []);
  return { settings, update, setParameters, link };
}
