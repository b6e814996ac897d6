/** The bar that is always in sight: search, loaded model with what of its code is patched, mode switch with its measured price, health. */
import { Burger, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Link } from 'wouter';
import { Icon, Logo } from '../kit/icons.tsx';
import { HealthStatus } from './health-status.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { ModelStatus } from './model-status.tsx';
import { HOME } from './panels.ts';
import { PatchStatus } from './patch-status.tsx';
import classes from './shell.module.css';
import { IconButton } from '../kit/icon-button.tsx';
import { classNames } from '../kit/layout/class-names.ts';

interface Props {
  menuOpen: boolean;
  onMenu: () => void;
  onSearch: () => void;
  onLoadModel: () => void;
}

const commandKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';

export function TopBar({ menuOpen, onMenu, onSearch, onLoadModel }: Props) {
  return (
    <div className={classes.bar}>
      <div className={classes.brand}>
        <Burger
          hiddenFrom="sm"
          size="sm"
          opened={menuOpen}
          onClick={onMenu}
          aria-label={menuOpen ? 'Close navigation' : 'Open navigation'}
        />
        <Link href={HOME} className={classes.home ?? ''} aria-label="Glassbox, home">
          <Logo />
          <span>Glassbox</span>
        </Link>
      </div>
      <button type="button" className={classNames(classes.button, classes.search)} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" size={14} />
        <span>Search everything</span>
        <kbd aria-hidden="true">{commandKey} K</kbd>
      </button>
      <div className={classes.modelPlace}>
        <PatchStatus />
        <ModelStatus onOpen={onLoadModel} />
      </div>
      <ModeSwitch />
      <HealthStatus />
      <SchemeToggle />
    </div>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <IconButton
      icon={scheme === 'dark' ? 'sun' : 'moon'}
      label={`Switch to ${next} colours`}
      tip={`Switch to ${next}`}
      onClick={() => setColorScheme(next)}
      className={classes.scheme ?? ''}
    />
  );
}
