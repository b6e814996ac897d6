/** Beside the model: that patched code is active, and which. What the page shows is then not what the model gives as it came. */
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useActivePatches } from '../kit/code/use-active-patches.ts';
import { Icon } from '../kit/icons.tsx';
import classes from './patch-status.module.css';
import shell from './shell.module.css';
import { classNames } from '../kit/layout/class-names.ts';

export function PatchStatus() {
  const patches = useActivePatches();
  const [opened, setOpened] = useState(false);
  const [first] = patches;
  if (!first) return null;
  const words = patches.length === 1 ? `${first.title} patched` : `${patches.length} patches active`;
  return (
    <Popover position="bottom-end" width="min(20rem, calc(100vw - 1rem))" trapFocus returnFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button
          type="button"
          className={classNames(shell.button, shell.sign)}
          onClick={() => setOpened(!opened)}
          aria-label={`Patched code is active: ${patches.map(({ title }) => title).join(', ')}`}
          title={words}
        >
          <Icon name="code" size={14} />
          <span className={classes.words}>{words}</span>
          <span className={classes.count} aria-hidden="true">
            {patches.length}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <h2 className="gb-label">Patched code is active</h2>
        <p className={classes.note}>
          Texts, figures and test results come from it, not from the built-in code. It stays active over reloads, until you go back to the
          built-in version.
        </p>
        <ul className={classes.list}>
          {patches.map(({ id, title, revisionId }) => (
            <li key={id}>
              <a href={`#/code/${id}`} onClick={() => setOpened(false)}>
                {title}
              </a>
              <small>
                {id}, revision <code>{revisionId.slice(0, 8)}</code>
              </small>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
