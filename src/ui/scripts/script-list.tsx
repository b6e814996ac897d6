/** The list of scripts: the examples, the user's own, and those that the code service holds. */
import { Button } from '@mantine/core';
import { Icon } from '../kit/icons.tsx';
import { useKeeps } from '../kit/use-keeps.ts';
import type { ScriptEntry } from './catalogue.ts';
import classes from './scripts.module.css';
import { Hint } from '../kit/layout/hint.tsx';
import { SideGroup, SideItem, SideList } from '../kit/layout/side-list.tsx';

interface Props {
  entries: readonly ScriptEntry[];
  selected: string;
  /** The one that runs. */
  running: string | null;
  onSelect: (id: string) => void;
  onCreate: () => void;
}

export function ScriptList({ entries, selected, running, onSelect, onCreate }: Props) {
  const from = (origin: ScriptEntry['from']) => entries.filter((each) => each.from === origin);
  const own = from('browser');
  const saved = from('service');
  const keeps = useKeeps();
  return (
    <SideList label="Scripts">
      <Group title="Examples" entries={from('example')} selected={selected} running={running} onSelect={onSelect} />
      <Group title="Yours" entries={own} selected={selected} running={running} onSelect={onSelect} />
      {own.length === 0 && <Hint className={classes.hint}>Scripts of your own are {keeps}.</Hint>}
      {saved.length > 0 && <Group title="In the code service" entries={saved} selected={selected} running={running} onSelect={onSelect} />}
      <Button variant="default" size="compact-sm" leftSection={<Icon name="plus" />} onClick={onCreate}>
        New script
      </Button>
    </SideList>
  );
}

function Group({ title, entries, selected, running, onSelect }: Omit<Props, 'onCreate'> & { title: string }) {
  return (
    <SideGroup title={title}>
      {entries.map((each) => (
        <SideItem key={each.id} title={each.title} isOpen={each.id === selected} to={() => onSelect(each.id)}>
          {each.id === running && <span className={classes.running}>runs</span>}
          {each.original !== undefined && each.original !== each.source && <span className={classes.changed}>changed</span>}
        </SideItem>
      ))}
    </SideGroup>
  );
}
