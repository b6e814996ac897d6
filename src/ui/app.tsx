/** The page as one component: theme, client, queries and routes around the shell. */
import './kit/mantine.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { ClientProvider, type Workbench } from './kit/client-context.tsx';
import { colourSchemeManager } from './kit/colour-scheme.ts';
import { useHashPath, useHashSearch } from './kit/address/hash-location.ts';
import { keepFocus } from './kit/keep-focus.ts';
import { cssVariables, theme } from './kit/theme.ts';
import { keepBubblesAway } from './kit/entry/validity.ts';
import { PanelBoundary } from './shell/panel-boundary.tsx';
import { Shell } from './shell/shell.tsx';

const colorSchemes = colourSchemeManager();

/** The API is this tab: nothing is offline, and coming back to the window proves nothing stale. */
const queries = new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', refetchOnWindowFocus: false }, mutations: { networkMode: 'always' } },
});

function App(workbench: Workbench) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
      <QueryClientProvider client={queries}>
        <ClientProvider {...workbench}>
          {/* oxlint-disable-next-line react/hooks -- wouter takes its hooks as values */}
          <Router hook={useHashPath} searchHook={useHashSearch}>
            <PanelBoundary what="The page">
              <Shell />
            </PanelBoundary>
          </Router>
        </ClientProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** What the worker before said is nothing that the next one answers. */
function askAnewAfterRestart(client: Workbench['client']): void {
  let { starts } = client.health;
  client.subscribe(() => {
    const before = starts;
    starts = client.health.starts;
    if (before > 0 && starts > before) void queries.invalidateQueries();
  });
}

export function mount(element: HTMLElement, workbench: Workbench): void {
  askAnewAfterRestart(workbench.client);
  keepBubblesAway();
  keepFocus();
  createRoot(element).render(
    <StrictMode>
      <App {...workbench} />
    </StrictMode>,
  );
}
