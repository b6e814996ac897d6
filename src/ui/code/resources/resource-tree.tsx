/** The tree of what can be patched, by service, with what stands out: patched, or changed and not applied. */
import type { Draft } from '../drafts.ts';
import type { Summary } from '../../kit/code/resource-queries.ts';
import { Badge } from '../../kit/layout/badge.tsx';
import { SideGroup, SideItem, SideList } from '../../kit/layout/side-list.tsx';

interface Props {
  resources: readonly Summary[];
  drafts: Readonly<Record<string, Draft>>;
  selected: string;
  onSelect: (id: string) => void;
}

export function ResourceTree({ resources, drafts, selected, onSelect }: Props) {
  return (
    <SideList label="Resources">
      {groupsOf(resources).map(([title, group]) => (
        <SideGroup key={title} title={title}>
          {group.map(({ id, title: name, patched, built_in, revision_id }) => (
            <SideItem key={id} title={name} detail={id} isOpen={id === selected} to={() => onSelect(id)}>
              {drafts[id] ? (
                <Badge tone="direct">edited</Badge>
              ) : (
                patched &&
                built_in && (
                  <Badge tone="restful" title={`Revision ${revision_id}`}>
                    patched
                  </Badge>
                )
              )}
            </SideItem>
          ))}
        </SideGroup>
      ))}
    </SideList>
  );
}

const SERVICES: readonly (readonly [string, string])[] = [
  ['model', 'Model'],
  ['scheduler', 'Scheduler'],
  ['memory', 'Memory'],
  ['tokenizer', 'Tokenizer'],
  ['computation', 'Kernels'],
];

/** By service, in the order in which a request passes them; scripts have a tab of their own. */
function groupsOf(resources: readonly Summary[]): [title: string, group: Summary[]][] {
  return SERVICES.map(([service, title]): [string, Summary[]] => [
    title,
    resources.filter((each) => each.service === service && each.kind !== 'script'),
  ]).filter(([, group]) => group.length > 0);
}
