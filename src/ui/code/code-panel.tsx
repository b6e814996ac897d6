/** The code panel: what the workbench is made of, to be read and patched while it runs. */
import { Redirect, useLocation } from 'wouter';
import { resourceKind } from '../../contract/resource-kind.ts';
import { pathPart } from '../kit/address/hash-location.ts';
import { scriptHref } from '../kit/address/script-link.ts';
import { ResourcesPanel } from './resources/resources-panel.tsx';
import { Frame } from '../kit/layout/frame.tsx';

export function CodePanel() {
  const id = pathPart(useLocation()[0], 2);
  // Scripts once had a tab here, and links to it are about.
  if (id === 'scripts') return <Redirect to="/scripts" replace />;
  if (resourceKind(id) === 'script') return <Redirect to={scriptHref({ id })} replace />;
  return (
    <Frame>
      <ResourcesPanel id={id} />
    </Frame>
  );
}
