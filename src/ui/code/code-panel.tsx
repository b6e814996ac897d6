/** The code panel: what the workbench is made of, to be read and patched while it runs, and scripts that use all of it. */
import { Tabs } from '@mantine/core';
import { useLocation } from 'wouter';
import { pathPart } from '../kit/hash-location.ts';
import { Icon } from '../kit/icons.tsx';
import { onDemand } from '../kit/on-demand.tsx';
import classes from './code.module.css';
import { ResourcesPanel } from './resources/resources-panel.tsx';

const Scripts = onDemand('This panel', async () => (await import('../scripts/scripts-panel.tsx')).ScriptsPanel);

const SCRIPTS = 'scripts';

export function CodePanel() {
  const [path, navigate] = useLocation();
  const open = pathPart(path, 2);
  const tab = open === SCRIPTS ? SCRIPTS : 'resources';
  return (
    <Tabs
      className={classes.root ?? ''}
      value={tab}
      onChange={(next) => navigate(next === SCRIPTS ? '/code/scripts' : '/code')}
      keepMounted={false}
    >
      <Tabs.List className={classes.tabs ?? ''} aria-label="Code">
        <Tabs.Tab value="resources" leftSection={<Icon name="code" />}>
          Resources
        </Tabs.Tab>
        <Tabs.Tab value={SCRIPTS} leftSection={<Icon name="terminal" />}>
          Scripts
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel className={classes.tabPanel ?? ''} value="resources">
        <ResourcesPanel id={open} />
      </Tabs.Panel>
      <Tabs.Panel className={classes.tabPanel ?? ''} value={SCRIPTS}>
        <Scripts waiting={<div className={classes.loading} role="status" aria-label="Loading scripts" />} />
      </Tabs.Panel>
    </Tabs>
  );
}
