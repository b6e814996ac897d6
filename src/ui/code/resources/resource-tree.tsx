/** The tree of what can be patched, by service, with what stands out: patched, or changed and not applied. */
import type { Draft } from '../drafts.ts';
import type { Summary } from '../../kit/code/resource-queries.ts';
import classes from '../code.module.css';

interface Props {
  resources: readonly Summary[];
  drafts: Readonly<Record<string, Draft>>;
  selected: string;
  onSelect: (id: string) => void;
}

export function ResourceTree({ resources, drafts, selected, onSelect }: Props) {
  return (
    <nav className={classes.tree} aria-label="Resources">
      {groupsOf(resources).map(([title, group]) => (
        <section key={title}>
          <h2 className="gb-label">{title}</h2>
          <ul>
            {group.map(({ id, title: name, patched, built_in, revision_id }) => (
              <li key={id}>
                <button type="button" className={classes.item} aria-current={id === selected} onClick={() => onSelect(id)}>
                  <span>
                    {name}
                    <small>{id}</small>
                  </span>
                  {drafts[id] ? (
                    <span className={classes.badge} data-kind="draft">
                      edited
                    </span>
                  ) : (
                    patched &&
                    built_in && (
                      <span className={classes.badge} data-kind="patched" title={`Revision ${revision_id}`}>
                        patched
                      </span>
                    )
                  )}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
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
