/** The computation panel: kernels to look into and run, benchmarks of them, plans that say how a batch is computed, and experiments over plans. */
import { Tabs } from '@mantine/core';
import type { ComponentType } from 'react';
import { useLocation } from 'wouter';
import { pathPart } from '../kit/address/hash-location.ts';
import { Icon, type IconName } from '../kit/icons.tsx';
import { NotFound } from '../kit/not-found.tsx';
import { BenchmarkView } from './benchmark/benchmark-view.tsx';
import classes from './computation.module.css';
import { ExperimentsView } from './experiments/experiments-view.tsx';
import { KernelsView } from './kernels/kernels-view.tsx';
import { PlansView } from './plans/plans-view.tsx';

interface Tab {
  /** As the address has it: `#/computation/kernels`. */
  name: string;
  title: string;
  icon: IconName;
  View: ComponentType;
}

const TABS: readonly Tab[] = [
  { name: 'kernels', title: 'Kernels', icon: 'code', View: KernelsView },
  { name: 'benchmark', title: 'Benchmark', icon: 'computation', View: BenchmarkView },
  { name: 'plans', title: 'Plans', icon: 'layers', View: PlansView },
  { name: 'experiments', title: 'Experiments', icon: 'tests', View: ExperimentsView },
];

const PLACES = TABS.map(({ name, title }) => ({ id: name, title, href: `/computation/${name}` }));

export function ComputationPanel() {
  const [path, navigate] = useLocation();
  const open = pathPart(path, 2);
  const tab = open ? TABS.find(({ name }) => name === open) : TABS[0];
  return (
    <Tabs
      className={classes.root ?? ''}
      value={tab?.name ?? null}
      onChange={(next) => navigate(`/computation/${next}`)}
      keepMounted={false}
    >
      <Tabs.List className={classes.tabs ?? ''} aria-label="Computation">
        {TABS.map(({ name, title, icon }) => (
          <Tabs.Tab key={name} value={name} leftSection={<Icon name={icon} />}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(({ name, View }) => (
        <Tabs.Panel key={name} className={classes.tabPanel ?? ''} value={name}>
          <View />
        </Tabs.Panel>
      ))}
      {!tab && <NotFound what="view of computation" id={open} known={PLACES} />}
    </Tabs>
  );
}
