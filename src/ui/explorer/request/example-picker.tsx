/** The endpoint's own examples, each a click away from being the input. */
import { Button, Menu } from '@mantine/core';
import type { Endpoint } from '../../../contract/index.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from './request.module.css';
import { MenuText } from '../../kit/layout/menu-text.tsx';

interface Props {
  endpoint: Endpoint;
  value: unknown;
  onPick: (input: unknown) => void;
}

export function ExamplePicker({ endpoint: { examples }, value, onPick }: Props) {
  const current = JSON.stringify(value);
  const picked = examples.find((example) => JSON.stringify(example.input) === current);
  if (examples.length === 0) return null;
  return (
    <Menu position="bottom-end" width={340}>
      <Menu.Target>
        <Button variant="default" rightSection={<Icon name="down" size={12} />} className={classes.examples ?? ''}>
          <span className={classes.exampleName}>{picked ? picked.name : `Examples (${examples.length})`}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        {examples.map((example) => (
          <Menu.Item
            key={example.name}
            onClick={() => onPick(example.input)}
            rightSection={
              example.expected_error !== undefined ? (
                <code className="gb-bad">{example.expected_error}</code>
              ) : example === picked ? (
                <Icon name="check" size={14} />
              ) : undefined
            }
          >
            <MenuText name={example.name}>{example.description}</MenuText>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
