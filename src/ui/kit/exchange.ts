/** A call as the page saw it: request, answer, events and times. */
import type { Workbench } from './client-context.tsx';

export type Exchange = Awaited<ReturnType<Workbench['client']['send']>>;
export type ServerEvent = NonNullable<Exchange['events']>[number];
