/** The frame around every panel: navigation, the bar that always tells mode, health and model, and what opens over it. */
import { AppShell } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { NotFound } from '../kit/not-found.tsx';
import { onDemand } from '../kit/on-demand.tsx';
import { Banners } from './banners.tsx';
import { Navigation } from './navigation.tsx';
import { HOME, panelAt, panels } from './panels.ts';
import { PanelBoundary } from './panel-boundary.tsx';
import classes from './shell.module.css';
import { StrayParameters } from './stray-parameters.tsx';
import { TopBar } from './top-bar.tsx';

const Spotlight = onDemand('The search', async () => (await import('./spotlight.tsx')).WorkbenchSpotlight);
const ModelLoader = onDemand('The model loader', async () => (await import('./model-loader/model-loader.tsx')).ModelLoader);

const PLACES = panels.map(({ path, title }) => ({ id: path.slice(1), title, href: path }));

export function Shell() {
  const [path] = useLocation();
  const [menuOpen, menu] = useDisclosure();
  const [loaderOpen, loader] = useOnDemand();
  const [searchOpen, search] = useOnDemand();
  const openSearch = search.open;

  useEffect(() => {
    // Captured: Monaco would take Ctrl-K for the first half of a chord.
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      openSearch();
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, [openSearch]);

  const title = panelAt(path)?.title;
  useEffect(() => {
    document.title = title ? `${title} · Glassbox` : 'Glassbox';
  }, [title]);

  return (
    <AppShell
      header={{ height: { base: 92, sm: 52 } }}
      navbar={{ width: 76, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding={0}
      classNames={{ header: classes.header, navbar: classes.navbar, main: classes.main }}
    >
      <a className={classes.skip} href="#main" onClick={(event) => skipTo(event, 'main')}>
        Skip to content
      </a>
      <AppShell.Header>
        <TopBar menuOpen={menuOpen} onMenu={menu.toggle} onSearch={search.open} onLoadModel={loader.open} />
      </AppShell.Header>
      <AppShell.Navbar>
        <Navigation onNavigate={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Banners />
        <StrayParameters path={path} />
        <div className={classes.panel}>
          <PanelBoundary key={path.split('/')[1]}>
            <Switch>
              {panels.map(({ path: at, leaf, Component }) => (
                <Route key={at} path={leaf ? at : `${at}/*?`}>
                  <Component waiting={<div className={classes.loading} role="status" aria-label="Loading panel" />} />
                </Route>
              ))}
              <Route path="/">
                <Redirect to={HOME} replace />
              </Route>
              <Route>
                <NotFound what="page" id={path.slice(1)} known={PLACES} />
              </Route>
            </Switch>
          </PanelBoundary>
        </div>
      </AppShell.Main>
      <div className={classes.floating}>
        {searchOpen.wanted && <Spotlight opened={searchOpen.opened} onClose={search.close} onLoadModel={loader.open} />}
        {loaderOpen.wanted && <ModelLoader opened={loaderOpen.opened} onClose={loader.close} />}
      </div>
    </AppShell>
  );
}

/** Open and shut, and whether it was ever wanted: what never was need not be fetched. */
function useOnDemand() {
  const [state, setState] = useState({ wanted: false, opened: false });
  const [actions] = useState(() => ({
    open: () => setState({ wanted: true, opened: true }),
    close: () => setState({ wanted: true, opened: false }),
  }));
  return [state, actions] as const;
}

function skipTo(event: React.MouseEvent, id: string) {
  event.preventDefault();
  document.getElementById(id)?.focus();
}
