/** Every view that has an address of its own: the panels of the navigation, and what lies below them. */
import { panels } from '../src/ui/shell/panels.ts';

const BELOW: Record<string, readonly string[]> = {
  '/api': ['/api/model/generate'],
  '/scheduler': ['/scheduler/workloads'],
  '/computation': ['/computation/benchmark', '/computation/plans', '/computation/experiments'],
};

/** Without the hash and the first slash. */
export const VIEWS = panels.flatMap(({ path }) => [path, ...(BELOW[path] ?? [])]).map((path) => path.slice(1));
