/** The icons of the workbench: one stroke weight, 16 px grid, the colour of the text around them. */
import type { SVGProps } from 'react';

const PATHS = {
  play: 'M5 3.2v9.6L12.6 8 5 3.2Z',
  stop: 'M4.5 4.5h7v7h-7z',
  api: 'M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4M9 3 7 13',
  code: 'M6 2.5H4.2c-.8 0-1.2.5-1.2 1.2V6c0 1.2-.6 2-1.5 2 .9 0 1.5.8 1.5 2v2.3c0 .7.4 1.2 1.2 1.2H6M10 2.5h1.8c.8 0 1.2.5 1.2 1.2V6c0 1.2.6 2 1.5 2-.9 0-1.5.8-1.5 2v2.3c0 .7-.4 1.2-1.2 1.2H10',
  terminal: 'M2 3h12v10H2zM4.5 6 7 8l-2.5 2M8.5 10.2h3',
  tests: 'M2.5 4.2 3.8 5.5 6 3M2.5 10.7 3.8 12 6 9.5M8.5 4.5h5M8.5 11h5',
  memory: 'M4 4h8v8H4zM6.5 6.5h3v3h-3zM6 4V2M10 4V2M6 14v-2M10 14v-2M4 6H2M4 10H2M14 6h-2M14 10h-2',
  scheduler: 'M2 3.5h6M5 8h7M8.5 12.5H14M2 1.5v13',
  computation: 'M2 13.5h12M4 11V8M7 11V4M10 11V6.5M13 11V2.5',
  playground: 'M2.5 3h11v7.5H8L5 13.2v-2.7H2.5zM5 5.6h6M5 8h4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 14 14',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1',
  moon: 'M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z',
  refresh: 'M13.2 6.5A5.4 5.4 0 0 0 3.4 5M2.8 9.5A5.4 5.4 0 0 0 12.6 11M3.2 2v3.2h3.2M12.8 14v-3.2H9.6',
  copy: 'M5.5 5.5h7.8v7.8H5.5zM10.5 5.5V2.7H2.7v7.8h2.8',
  check: 'M3 8.5 6.3 12 13 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M6 3.8 10.2 8 6 12.2',
  down: 'M3.8 6 8 10.2 12.2 6',
  plus: 'M8 3v10M3 8h10',
  download: 'M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M3 13.5h10',
  upload: 'M8 10.7v-8M4.8 5.8 8 2.6l3.2 3.2M3 13.5h10',
  link: 'M6.7 9.3 9.3 6.7M7.2 4.9l1.6-1.6a2.8 2.8 0 0 1 4 4l-1.6 1.6M8.8 11.1l-1.6 1.6a2.8 2.8 0 0 1-4-4l1.6-1.6',
  undo: 'M3 6.5h6.2a3.4 3.4 0 1 1 0 6.8H6M5.8 3.5 2.8 6.5l3 3',
  warning: 'M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.5v.3',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.4v3.8M8 4.8v.3',
  layers: 'M8 2 14 5.2 8 8.4 2 5.2zM2.3 8.2 8 11.2l5.7-3M2.3 11 8 14l5.7-3',
  folder: 'M1.8 12.8V3.5h4.4l1.4 1.8h6.6v7.5z',
  history: 'M2.6 8A5.5 5.5 0 1 0 4.4 4M2.5 2.5v2.7h2.7M8 5v3.2l2.2 1.4',
  key: 'M5.2 13.2a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM7.3 8.1 13.2 2.2M10.4 5l2.2 2.2',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.2M2.5 8h.2M2.5 12h.2',
} as const;

export type IconName = keyof typeof PATHS;

/** Decorative: the control around it carries the name. */
export function Icon({ name, size = 16, ...rest }: { name: IconName; size?: number } & SVGProps<SVGSVGElement>) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.35}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...rest}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: a box one can look into. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path d="M12 2.2 20.8 7v10L12 21.8 3.2 17V7L12 2.2Z" stroke="var(--gb-accent)" strokeWidth="1.6" strokeLinejoin="round" />
      <path d="M3.4 7.1 12 11.8l8.6-4.7M12 11.8v9.8" stroke="var(--gb-accent)" strokeWidth="1.1" strokeLinejoin="round" opacity=".55" />
      <circle cx="12" cy="11.8" r="2.3" fill="var(--gb-accent)" />
    </svg>
  );
}
