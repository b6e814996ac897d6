/** Says that what is in sight came by a link, what using it would do, and what could not be read of it. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../icons.tsx';
import classes from './link-notice.module.css';

interface Props {
  /** `bad`: the link could not be used. */
  tone: 'info' | 'warn' | 'bad';
  children: ReactNode;
  actions: readonly { label: string; run: () => void }[];
}

export function LinkNotice({ tone, children, actions }: Props) {
  return (
    <section className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'} aria-label="From the link">
      <Icon name={tone === 'info' ? 'link' : 'warning'} />
      <div className={classes.text}>{children}</div>
      <div className="gb-row gb-tight">
        {actions.map(({ label, run }) => (
          <Button key={label} size="compact-sm" variant="default" onClick={run}>
            {label}
          </Button>
        ))}
      </div>
    </section>
  );
}

/** Of what a link holds that can't be taken; more are counted. */
const MAX_REMARKS = 5;

export function Remarks({ remarks }: { remarks: readonly string[] }) {
  if (remarks.length === 0) return null;
  return (
    <ul className="gb-bullets">
      {remarks.slice(0, MAX_REMARKS).map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
      {remarks.length > MAX_REMARKS && <li>and {remarks.length - MAX_REMARKS} more</li>}
    </ul>
  );
}

/** The hosts that an input names, which a call with it may reach. */
export function hostsIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? '';
  const written = Array.from(text.matchAll(/\b(?:https?|wss?):\/\/([^\s/"'\\<>?#]+)/gi), (match) => match[1]!);
  return [...new Set([...written.map((host) => host.replace(/^.*@/, '')), ...textsIn(value).flatMap(hostOf)])];
}

/** As the browser reads an address: with back slashes, without a scheme, with line ends in it. */
function hostOf(text: string): string[] {
  if (!/^\s*(?:(?:h\s*t\s*t\s*p\s*s?|w\s*s\s*s?)\s*:|[\\/]\s*[\\/])/i.test(text)) return [];
  // `http:a/b` is a path at an http: site and a host at any other.
  return ['http', 'https'].flatMap((scheme) => {
    const here = `${scheme}://nowhere.invalid/`;
    const { host } = URL.canParse(text, here) ? new URL(text, here) : new URL(here);
    return host === new URL(here).host ? [] : [host];
  });
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
