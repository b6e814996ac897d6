/** Ctrl-K: everything there is to go to, set or do, in one list. */
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useEffect, useMemo, useState } from 'react';
import { useHealth, useMode, useRestartWorker } from '../kit/client-context.tsx';
import { Icon } from '../kit/icons.tsx';
import { useOverhead } from './mode-switch.tsx';
import type { Found } from '../kit/search/entry.tsx';
import { useSearchGroups } from './search-groups.ts';
import { found, type SearchGroup } from '../kit/search/ranking.ts';

interface Props {
  opened: boolean;
  onClose: () => void;
  onLoadModel: () => void;
}

export function WorkbenchSpotlight({ opened, onClose, onLoadModel }: Props) {
  const [[store, spotlight]] = useState(() => createSpotlight());
  useEffect(() => {
    if (opened) spotlight.open();
    else spotlight.close();
  }, [opened, spotlight]);
  const [query, setQuery] = useState('');
  const places = useSearchGroups(opened);
  const settings = useSettings(onLoadModel);
  const shown = useMemo(() => found([...settings, ...places], query), [settings, places, query]);
  // Mantine marks an element of the list; when the list changes under it, the mark stays with the place.
  useEffect(() => {
    if (shown.length === 0 || !query.trim()) return;
    const at = Math.max(0, store.getState().selected);
    document.querySelectorAll('[role="dialog"] [data-action]').forEach((each, i) => each.toggleAttribute('data-selected', i === at));
  }, [shown, query, store]);
  return (
    <Spotlight
      store={store}
      onSpotlightClose={onClose}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      // Ranked already.
      filter={(_, actions) => actions}
      actions={shown.map(({ group, entries }) => ({
        group,
        actions: entries.map(({ id, label, description, icon, run }) => ({
          id,
          label,
          ...(description && { description }),
          leftSection: icon,
          onClick: () => {
            run();
            document.getElementById('main')?.focus();
          },
        })),
      }))}
      nothingFound="Nothing by that name"
      scrollable
      maxHeight="min(60vh, 28rem)"
      highlightQuery
      returnFocus={false}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      searchProps={{
        placeholder: 'Endpoint, parameter, code, plan, script, setting…',
        leftSection: <Icon name="search" />,
        'aria-label': 'Search',
      }}
    />
  );
}

function useSettings(onLoadModel: () => void): readonly SearchGroup<Found>[] {
  const [mode, setMode] = useMode();
  const { worker, restful } = useHealth();
  const overhead = useOverhead();
  const restart = useRestartWorker();
  const { setColorScheme } = useMantineColorScheme();
  const other = mode === 'restful' ? 'direct' : 'restful';
  const entries: (Found | false)[] = [
    (other === 'direct' || restful === 'ready') && {
      id: 'mode',
      label: `Switch to ${other === 'direct' ? 'direct' : 'RESTful'} mode`,
      description: other === 'direct' ? 'Calls go straight to the worker' : 'Calls are HTTP requests, answered by the service worker',
      keywords: 'transport setting',
      icon: <Icon name="api" />,
      run: () => setMode(other),
    },
    {
      id: 'load',
      label: 'Load a model',
      description: 'Bundled, from the hub, from a URL or from a folder',
      keywords: 'weights swap setting',
      icon: <Icon name="layers" />,
      run: onLoadModel,
    },
    {
      id: 'overhead',
      label: 'Measure the overhead',
      description: 'A trivial call, RESTful and direct',
      keywords: 'latency transport',
      icon: <Icon name="refresh" />,
      run: () => void overhead.refetch(),
    },
    {
      id: 'light',
      label: 'Light colours',
      keywords: 'theme scheme setting',
      icon: <Icon name="sun" />,
      run: () => setColorScheme('light'),
    },
    { id: 'dark', label: 'Dark colours', keywords: 'theme scheme setting', icon: <Icon name="moon" />, run: () => setColorScheme('dark') },
    {
      id: 'auto',
      label: 'Colours as the system has them',
      keywords: 'theme scheme setting light dark automatic',
      icon: <Icon name="sun" />,
      run: () => setColorScheme('auto'),
    },
    {
      id: 'restart',
      label: 'Restart the engine worker',
      description: worker === 'failed' ? 'It has stopped' : 'What it holds is lost; weights are loaded anew',
      keywords: 'reset setting',
      icon: <Icon name="undo" />,
      run: () => void restart(),
    },
  ];
  return [{ group: 'Settings and actions', first: true, entries: entries.filter((entry) => entry !== false) }];
}
