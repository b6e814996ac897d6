/** What can be done with a resource: where to start from, its language, test, apply, and the way back. */
import { Button, Menu, NativeSelect, Tooltip } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import classes from '../code.module.css';
import type { Language, Resource } from '../../kit/code/resource-queries.ts';
import type { Starter } from '../starters.ts';
import type { Doing } from './use-patch.ts';
import { PanelBar, Spring } from '../../kit/layout/frame.tsx';
import { Badge } from '../../kit/layout/badge.tsx';
import { IconButton } from '../../kit/icon-button.tsx';
import { MenuText } from '../../kit/layout/menu-text.tsx';

interface Props {
  resource: Resource;
  changed: boolean;
  language: Language;
  doing: Doing | null;
  busy: boolean;
  starters: readonly Starter[];
  onLanguage: (language: Language) => void;
  onStart: (starter: Starter) => void;
  onDiscard: () => void;
  onTest: () => void;
  onApply: () => void;
  onStop: () => void;
  onBuiltIn: () => void;
}

const LANGUAGES: Record<Language, string> = { typescript: 'TypeScript', python: 'Python', wgsl: 'WGSL' };

export function Toolbar({ resource, changed, language, doing, busy, starters, ...on }: Props) {
  const { title, id, patched, revision_id, variants, languages } = resource;
  return (
    <PanelBar title={title}>
      <code className={classes.id}>{id}</code>
      <Badge tone={patched ? 'restful' : 'quiet'} title={`Revision ${revision_id}`}>
        {patched ? `patched · ${revision_id.slice(0, 8)}` : 'built-in'}
      </Badge>
      {changed && <Badge tone="direct">edited</Badge>}
      <Spring />
      {changed && <IconButton icon="close" label="Discard what is not applied" onClick={on.onDiscard} />}
      {languages.length > 1 && (
        <NativeSelect
          aria-label="Language"
          value={language}
          data={languages.map((value) => ({ value, label: LANGUAGES[value] }))}
          onChange={({ currentTarget }) => on.onLanguage(currentTarget.value as Language)}
        />
      )}
      <Menu position="bottom-end" width={320}>
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="down" size={12} />}>
            Start from
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.menu ?? ''}>
          <StarterItems title="Ready-made patches" starters={starters} onStart={on.onStart} />
          <StarterItems title="Came with the workbench" starters={variants} onStart={on.onStart} />
        </Menu.Dropdown>
      </Menu>
      {patched && (
        <Button variant="default" leftSection={<Icon name="undo" />} disabled={busy} onClick={on.onBuiltIn}>
          Back to built-in
        </Button>
      )}
      {doing === 'test' || doing === 'apply' ? (
        <>
          <span role="status" className={classes.step}>
            {language === 'python' ? 'Checking; Python starts when first used …' : 'Checking …'}
          </span>
          <Button color="red" variant="light" leftSection={<Icon name="stop" />} onClick={on.onStop}>
            Stop
          </Button>
        </>
      ) : (
        <>
          <Button variant="default" leftSection={<Icon name="tests" />} disabled={busy} onClick={on.onTest}>
            Test
          </Button>
          <Tooltip label={changed ? 'Ctrl-Enter or Ctrl-S' : 'Nothing is changed'} position="bottom-end">
            <Button leftSection={<Icon name="check" />} disabled={busy || !changed} onClick={on.onApply}>
              Apply
            </Button>
          </Tooltip>
        </>
      )}
    </PanelBar>
  );
}

function StarterItems({ title, starters, onStart }: { title: string; starters: readonly Starter[]; onStart: (starter: Starter) => void }) {
  if (starters.length === 0) return null;
  return (
    <>
      <Menu.Label>{title}</Menu.Label>
      {starters.map((starter) => (
        <Menu.Item key={starter.name} onClick={() => onStart(starter)}>
          <MenuText name={starter.name}>{starter.description}</MenuText>
        </Menu.Item>
      ))}
    </>
  );
}
