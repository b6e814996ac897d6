/** Ctrl-K: every endpoint, panel and action of the workbench in one list. */
import { createSpotlight, Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { contract, routes, serviceNames } from '../../contract/index.ts';
import { useHealth, useMode, useRestartWorker } from '../kit/client-context.tsx';
import { Icon } from '../kit/icons.tsx';
import { Method } from '../kit/method.tsx';
import { useOverhead } from './mode-switch.tsx';
import { panels } from './panels.ts';

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
  const [, navigate] = useLocation();
  const actions: SpotlightActionGroupData[] = [
    { group: 'Actions', actions: useActions(onLoadModel) },
    {
      group: 'Panels',
      actions: panels.map(({ path, title, icon, purpose }) => ({
        id: path,
        label: title,
        description: purpose,
        leftSection: <Icon name={icon} />,
        onClick: () => navigate(path),
      })),
    },
    ...serviceNames.map((service) => ({
      group: contract[service].title,
      actions: routes
        .filter((route) => route.service === service)
        .map(({ operation, path, endpoint }) => ({
          id: `${service}/${operation}`,
          label: path,
          description: endpoint.summary,
          keywords: [operation, endpoint.method],
          leftSection: <Method method={endpoint.method} />,
          onClick: () => navigate(`/api/${service}/${operation}`),
        })),
    })),
  ];
  return (
    <Spotlight
      store={store}
      onSpotlightClose={onClose}
      shortcut={null}
      actions={actions}
      filter={everyWord}
      nothingFound="Nothing by that name"
      scrollable
      maxHeight="min(60vh, 28rem)"
      highlightQuery
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      searchProps={{ placeholder: 'Endpoint, panel or action', leftSection: <Icon name="search" />, 'aria-label': 'Search' }}
    />
  );
}

/** Every word of the query stands somewhere in the action: `POST tokenize` finds the endpoint. */
function everyWord(
  query: string,
  all: (SpotlightActionData | SpotlightActionGroupData)[],
): (SpotlightActionData | SpotlightActionGroupData)[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ label, description, keywords }: SpotlightActionData) => {
    const text = [label, description, keywords].flat().join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return all.flatMap((entry): (SpotlightActionData | SpotlightActionGroupData)[] => {
    if (!('actions' in entry)) return matches(entry) ? [entry] : [];
    const actions = entry.actions.filter(matches);
    return actions.length > 0 ? [{ ...entry, actions }] : [];
  });
}

function useActions(onLoadModel: () => void): SpotlightActionData[] {
  const [mode, setMode] = useMode();
  const { worker, restful } = useHealth();
  const overhead = useOverhead();
  const restart = useRestartWorker();
  const { setColorScheme } = useMantineColorScheme();
  const other = mode === 'restful' ? 'direct' : 'restful';
  const actions: (SpotlightActionData | false)[] = [
    (other === 'direct' || restful === 'ready') && {
      id: 'mode',
      label: `Switch to ${other === 'direct' ? 'direct' : 'RESTful'} mode`,
      description: other === 'direct' ? 'Calls go straight to the worker' : 'Calls are HTTP requests, answered by the service worker',
      leftSection: <Icon name="api" />,
      onClick: () => setMode(other),
    },
    {
      id: 'load',
      label: 'Load a model',
      description: 'Bundled, from the hub, from a URL or from a folder',
      keywords: ['weights', 'swap'],
      leftSection: <Icon name="layers" />,
      onClick: onLoadModel,
    },
    {
      id: 'overhead',
      label: 'Measure the overhead',
      description: 'A trivial call, RESTful and direct',
      leftSection: <Icon name="refresh" />,
      onClick: () => void overhead.refetch(),
    },
    { id: 'light', label: 'Light colours', leftSection: <Icon name="sun" />, onClick: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark colours', leftSection: <Icon name="moon" />, onClick: () => setColorScheme('dark') },
    {
      id: 'restart',
      label: 'Restart the engine worker',
      description: worker === 'failed' ? 'It has stopped' : 'What it holds is lost; weights are loaded anew',
      leftSection: <Icon name="undo" />,
      onClick: () => void restart(),
    },
  ];
  return actions.filter((action) => action !== false);
}
