/** A section of the playground that opens under its title, and says in a line what is in it while it is closed. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../icons.tsx';
import classes from './fold-section.module.css';

interface Props {
  title: string;
  /** Shown while it is closed. */
  hint: string;
  open: boolean;
  onToggle: (open: boolean) => void;
  /** Beside the title while it is open. */
  tools?: ReactNode;
  /** Shown while it is open. */
  children: ReactNode;
}

export function FoldSection({ title, hint, open, onToggle, tools, children }: Props) {
  return (
    <section className={classes.section} aria-label={title}>
      <header className={classes.header}>
        <Button
          variant="transparent"
          color="gray"
          px={0}
          className={classes.title ?? ''}
          leftSection={<Icon name={open ? 'down' : 'chevron'} size={14} />}
          aria-expanded={open}
          onClick={() => onToggle(!open)}
        >
          {title}
        </Button>
        {open ? tools : <span className={classes.hint}>{hint}</span>}
      </header>
      {open && children}
    </section>
  );
}
