/** Narrows the list of cases: by text, by outcome, and by how long they took. */
import { TextInput } from '@mantine/core';
import type { RefObject } from 'react';
import { Icon } from '../kit/icons.tsx';
import { type Choice, type Filter, FILTER_LABELS, FILTERS } from './filter.ts';
import classes from './tests.module.css';
import { Chips } from '../kit/layout/chips.tsx';
import { IconButton } from '../kit/icon-button.tsx';

interface Props {
  choice: Choice;
  counts: Readonly<Record<Filter, number>>;
  search: RefObject<HTMLInputElement | null>;
  onChoice: (change: Partial<Choice>) => void;
}

/** Shown even where no case is in them. */
const ALWAYS: readonly Filter[] = ['all', 'failed', 'passed', 'slow'];

export function FilterBar({ choice, counts, search, onChoice }: Props) {
  const slowest = choice.order === 'slowest';
  return (
    <div className={classes.filters}>
      <div className={classes.search}>
        <TextInput
          ref={search}
          aria-label="Search cases"
          placeholder="Search name, endpoint, input"
          leftSection={<Icon name="search" size={14} />}
          rightSection={<kbd>/</kbd>}
          value={choice.text}
          onChange={({ currentTarget }) => onChoice({ text: currentTarget.value })}
          onKeyDown={(event) => event.key === 'Escape' && (choice.text ? onChoice({ text: '' }) : event.currentTarget.blur())}
        />
        <IconButton
          icon="computation"
          label="Slowest first"
          tip={slowest ? 'Back to the order of the contract' : 'Slowest first'}
          size={30}
          variant={slowest ? 'light' : 'default'}
          color={slowest ? 'glass' : 'gray'}
          aria-pressed={slowest}
          onClick={() => onChoice({ order: slowest ? 'contract' : 'slowest' })}
        />
      </div>
      <Chips aria-label="Show cases">
        {FILTERS.filter((filter) => ALWAYS.includes(filter) || counts[filter] > 0 || choice.filter === filter).map((filter) => (
          <button
            key={filter}
            type="button"
            aria-pressed={choice.filter === filter}
            data-filter={filter}
            onClick={() => onChoice({ filter: choice.filter === filter ? 'all' : filter })}
          >
            {FILTER_LABELS[filter]} <span className="gb-num">{counts[filter]}</span>
          </button>
        ))}
      </Chips>
    </div>
  );
}
