/** Holds the playground's settings in step with what the browser keeps. What a link brings lies over them, and is stored only once it is used. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { localTexts } from '../../environment/text-store.ts';
import { navigate, useHashSearch } from '../kit/address/hash-location.ts';
import type { Parameters } from './parameters.ts';
import { decodeLink, encodeLink, type LinkedSettings, loadSettings, saveSettings, type Settings } from './settings.ts';

const SAVE_AFTER_MS = 300;

export interface SettingsControl {
  settings: Settings;
  update: (change: Partial<Settings>) => void;
  setParameters: (change: Partial<Parameters>) => void;
  /** The address that opens the playground with these settings. */
  link: () => string;
  /** The link in sight, with what could not be read of it; null where none is, or where it says what is stored already. */
  linked: Pick<LinkedSettings, 'remarks' | 'unreadable'> | null;
  /** The settings in sight, with a change to them, are the person's own from now on. */
  keep: (change?: Partial<Settings>) => void;
  /** Back to those that were stored. */
  discard: () => void;
}

/** A link that changes nothing is not worth a word. */
function linkedBy(search: string, own: Settings): LinkedSettings | null {
  const linked = decodeLink(search, own);
  const isNews = linked && (linked.unreadable || linked.remarks.length > 0 || JSON.stringify(linked.settings) !== JSON.stringify(own));
  return isNews ? linked : null;
}

export function useSettings(): SettingsControl {
  const search = useHashSearch();
  const [own, setOwn] = useState(() => loadSettings(localTexts));
  const [linked, setLinked] = useState(() => linkedBy(search, own));
  const [applied, setApplied] = useState(search);
  if (applied !== search) {
    setApplied(search);
    setLinked(linkedBy(search, own));
  }
  const isLinked = linked !== null && !linked.unreadable;
  const settings = isLinked ? linked.settings : own;

  const latest = useRef({ own, settings });
  useEffect(() => {
    latest.current = { own, settings };
  }, [own, settings]);
  useEffect(() => {
    const timer = setTimeout(() => saveSettings(localTexts, own), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [own]);
  // Leaving the panel, or the page, within the delay must not lose the last edit.
  useEffect(() => {
    const save = () => saveSettings(localTexts, latest.current.own);
    addEventListener('pagehide', save);
    return () => {
      removeEventListener('pagehide', save);
      save();
    };
  }, []);

  const change = useCallback(
    (make: (before: Settings) => Settings) => {
      if (isLinked) setLinked((before) => before && { ...before, settings: make(before.settings) });
      else setOwn(make);
    },
    [isLinked],
  );
  const update = useCallback((fields: Partial<Settings>) => change((before) => ({ ...before, ...fields })), [change]);
  const setParameters = useCallback(
    (fields: Partial<Parameters>) => change((before) => ({ ...before, parameters: { ...before.parameters, ...fields } })),
    [change],
  );
  const end = useCallback((next: Settings) => {
    setOwn(next);
    setLinked(null);
    navigate('/playground', { replace: true });
  }, []);
  const keep = useCallback(
    (fields: Partial<Settings> = {}) => {
      if (isLinked) end({ ...latest.current.settings, ...fields });
      else update(fields);
    },
    [isLinked, end, update],
  );
  const discard = useCallback(() => end(latest.current.own), [end]);
  const link = useCallback(() => `${location.href.split('#')[0]}#/playground?${encodeLink(latest.current.settings)}`, []);
  return { settings, update, setParameters, link, linked, keep, discard };
}
