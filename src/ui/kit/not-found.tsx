/** What stands where an address leads to nothing: what was looked for, what may have been meant, and where one can go. */
import { Link } from 'wouter';
import { closest } from '../../contract/index.ts';
import { linkedText } from './address/linked-text.ts';
import { Icon } from './icons.tsx';
import classes from './kit.module.css';

export interface Place {
  /** As the address has it. */
  id: string;
  title: string;
  href: string;
}

interface Props {
  /** A kind of thing: `plan`, `endpoint`. */
  what: string;
  /** As the address has it. */
  id: string;
  /** Those that there are. */
  known: readonly Place[];
  /** Why it may be gone; otherwise only the address can be wrong. */
  hint?: string;
}

/** More are not listed; the panel around has them all. */
const LISTED = 8;
/** Nothing here has a longer one. */
const NAME_LENGTH = 100;

export function NotFound({ what, id, known, hint = 'The address may be mistyped or from another version.' }: Props) {
  const meant = likely(id, known);
  return (
    <section className={classes.notFound} role="alert">
      <Icon name="search" size={24} />
      <h1>
        There is no {what} “{linkedText(id, NAME_LENGTH)}”
      </h1>
      <p>{hint}</p>
      {meant.length > 0 ? <Places label="Did you mean" places={meant} /> : <Places label="There are" places={known.slice(0, LISTED)} />}
    </section>
  );
}

/** The nearest name, and those that hold what was asked for. */
function likely(id: string, known: readonly Place[]): Place[] {
  const near = closest(
    id.slice(0, NAME_LENGTH),
    known.map((place) => place.id),
  );
  return known.filter((place) => place.id === near || (id.length > 2 && place.id.includes(id))).slice(0, LISTED);
}

function Places({ label, places }: { label: string; places: readonly Place[] }) {
  if (places.length === 0) return null;
  return (
    <nav aria-label={label}>
      <span className="gb-label">{label}</span>
      <ul>
        {places.map(({ id, title, href }) => (
          <li key={id}>
            <Link href={href}>{title}</Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
