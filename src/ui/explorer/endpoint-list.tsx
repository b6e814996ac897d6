/** All services and their endpoints, as the contract has them, with a filter that the slash key reaches. */
import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { contract, type Route, routes, serviceNames } from '../../contract/index.ts';
import { Icon } from '../kit/icons.tsx';
import { Method } from '../kit/method.tsx';
import classes from './endpoint-list.module.css';

interface Props {
  current: Route | undefined;
  onNavigate?: () => void;
}

export function EndpointList({ current, onNavigate }: Props) {
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.key !== '/' ||
        event.ctrlKey ||
        event.metaKey ||
        target.isContentEditable ||
        /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
      )
        return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => {
    /** Arrows walk through filter and links. */
    const walk = (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      const stops = [search.current, ...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
      const at = stops.indexOf(document.activeElement as HTMLInputElement);
      event.preventDefault();
      stops[Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1))]?.focus();
    };
    const element = root.current;
    element?.addEventListener('keydown', walk);
    return () => element?.removeEventListener('keydown', walk);
  }, []);

  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = routes.filter((route) => matches(route, words));

  return (
    <div ref={root} className={classes.root}>
      <TextInput
        ref={search}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        placeholder="Filter endpoints"
        aria-label="Filter endpoints"
        leftSection={<Icon name="search" size={14} />}
        rightSection={<kbd>/</kbd>}
        rightSectionPointerEvents="none"
        className={classes.search ?? ''}
      />
      <nav ref={list} aria-label="Endpoints" className={classes.list}>
        {serviceNames.map((service) => {
          const own = found.filter((route) => route.service === service);
          if (own.length === 0) return null;
          return (
            <section key={service}>
              <h2>{contract[service].title}</h2>
              <ul>
                {own.map((route) => (
                  <li key={route.operation}>
                    <Link
                      href={`/api/${service}/${route.operation}`}
                      className={classes.link ?? ''}
                      aria-current={route === current ? 'page' : undefined}
                      title={route.endpoint.summary}
                      onClick={onNavigate}
                    >
                      <Method method={route.endpoint.method} short />
                      <span>{route.endpoint.path}</span>
                      {route.endpoint.event && <span className={classes.streams}>stream</span>}
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        {found.length === 0 && <p className={classes.none}>No endpoint matches.</p>}
      </nav>
    </div>
  );
}

function matches({ service, operation, path, endpoint }: Route, words: readonly string[]): boolean {
  const text = `${endpoint.method} ${service} ${operation} ${path} ${endpoint.summary}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
