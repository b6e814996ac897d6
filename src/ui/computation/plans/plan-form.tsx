/** Every field of a plan as the contract has it, in groups; prompts may be written as text. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ErrorItem } from '../../../contract/index.ts';
import { SchemaForm } from '../../kit/form/schema-form.tsx';
import { useClient } from '../../kit/client-context.tsx';
import { kernelsQuery } from '../queries.ts';
import { ExampleText } from './example-text.tsx';
import { fieldGroups, partOf, withPart, type PlanDraft } from './plan-draft.ts';
import { Card } from '../../kit/layout/card.tsx';

interface Props {
  draft: PlanDraft;
  isNew: boolean;
  errors: readonly ErrorItem[];
  onChange: (draft: PlanDraft) => void;
}

export function PlanForm({ draft, isNew, errors, onChange }: Props) {
  const { data: kernels } = useQuery(kernelsQuery(useClient()));
  const groups = useMemo(() => {
    const names = kernels?.filter(({ kind }) => kind === 'attention').map(({ id }) => id) ?? [];
    return fieldGroups(names.length > 0 ? [...names, 'patched'] : [], isNew);
  }, [kernels, isNew]);
  return groups.map((group) => (
    <Card compact key={group.title} aria-label={group.title}>
      <h2>{group.title}</h2>
      {group.title === 'Example' && <ExampleText draft={draft} onChange={onChange} />}
      <SchemaForm
        field={group.field}
        value={partOf(draft, group)}
        onChange={(next) => onChange(withPart(draft, group, next as PlanDraft))}
        faults={errors}
      />
    </Card>
  ));
}
