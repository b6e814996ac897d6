/** The rail of panels: icon over word, so that it stays narrow and needs no legend. */
import { Link, useLocation } from 'wouter';
import { Icon } from '../kit/icons.tsx';
import { panelAt, panels } from './panels.ts';
import classes from './shell.module.css';

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const current = panelAt(useLocation()[0]);
  return (
    <nav aria-label="Panels" className={classes.rail}>
      {panels.map((panel) => (
        <Link
          key={panel.path}
          href={panel.path}
          className={classes.railLink ?? ''}
          aria-current={panel === current ? 'page' : undefined}
          onClick={onNavigate}
        >
          <Icon name={panel.icon} size={20} />
          <span>{panel.title}</span>
        </Link>
      ))}
    </nav>
  );
}
