/** What a panel hands to Ctrl-K: its parts by name, what it brings ready-made, and what it and the services hold. */
import type { Client } from '../../../client/client.ts';
import type { Found } from './entry.tsx';
import type { SearchGroup } from './ranking.ts';

export interface Part {
  label: string;
  description: string;
  keywords?: string;
  /** Below the panel's own address. */
  path?: string;
  /** What is brought into sight there. */
  selector?: string;
}

export interface PanelSearch {
  parts?: readonly Part[];
  readyMade?: readonly Found[];
  /** What does not change while the page is open; made once. */
  groups?: () => readonly SearchGroup<Found>[];
  /** What this browser keeps, read whenever the search opens. */
  kept?: () => readonly SearchGroup<Found>[];
  /** What the services hold, asked by the port whenever the search opens; it is left out where it throws. */
  held?: (direct: Client, signal: AbortSignal) => Promise<readonly SearchGroup<Found>[]>;
}
