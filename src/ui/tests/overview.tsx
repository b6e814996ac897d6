/** All services at a glance: a tile each, with one cell a case. */
import { contract, type ServiceName, serviceNames } from '../../contract/index.ts';
import type { CaseState } from './bench.ts';
import type { TestCase } from './cases.ts';
import marks from './marks.module.css';
import classes from './overview.module.css';
import { LOOK_LABELS, lookOf, Mark } from './verdict.tsx';
import { IconButton } from '../kit/icon-button.tsx';

interface Props {
  cases: readonly TestCase[];
  stateOf: (test: TestCase) => CaseState;
  busy: boolean;
  chosen: ServiceName | null;
  selected: string | null;
  onChoose: (service: ServiceName | null) => void;
  onRun: (cases: readonly TestCase[]) => void;
  onSelect: (test: TestCase) => void;
}

export function Overview({ cases, stateOf, busy, chosen, selected, onChoose, onRun, onSelect }: Props) {
  return (
    <div className={classes.tiles} role="group" aria-label="Services">
      {serviceNames.map((service) => {
        const own = cases.filter((test) => test.service === service);
        const { title } = contract[service];
        return (
          <section key={service} className={classes.tile} data-chosen={chosen === service || undefined} aria-label={title}>
            <header>
              <button
                type="button"
                className={classes.name}
                aria-pressed={chosen === service}
                title={chosen === service ? 'Show all services' : `Show only ${service}`}
                onClick={() => onChoose(chosen === service ? null : service)}
              >
                {title}
              </button>
              <Tally cases={own} stateOf={stateOf} />
              <IconButton
                icon="play"
                label={`Run ${service}`}
                tip={`Run the ${own.length} cases of ${service}`}
                size={24}
                className={classes.run ?? ''}
                disabled={busy || own.length === 0}
                onClick={() => onRun(own)}
              />
            </header>
            {/* A picture with a shortcut for the mouse; the list below has the same for keyboard and screen reader. */}
            <div className={marks.strip} aria-hidden="true">
              {own.map((test) => {
                const look = lookOf(stateOf(test));
                return (
                  <button
                    key={test.key}
                    type="button"
                    tabIndex={-1}
                    className={marks.cell}
                    data-look={look}
                    data-selected={selected === test.key || undefined}
                    title={`${test.name}: ${LOOK_LABELS[look]}`}
                    onClick={() => onSelect(test)}
                  />
                );
              })}
            </div>
          </section>
        );
      })}
    </div>
  );
}

function Tally({ cases, stateOf }: Pick<Props, 'cases' | 'stateOf'>) {
  const count = (verdict: string) => cases.filter((test) => stateOf(test).verdict === verdict).length;
  const failed = count('failed');
  return (
    <p className={classes.tally}>
      {failed > 0 && (
        <b>
          <Mark look="failed" size={12} /> {failed}
        </b>
      )}
      <span className="gb-num">
        {count('passed')}/{cases.length}
        <span className="gb-sr-only"> passed</span>
      </span>
    </p>
  );
}
