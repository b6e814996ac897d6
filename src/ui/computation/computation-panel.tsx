/** The computation panel: experiments over plans. */
import { ExperimentsView } from './experiments/experiments-view.tsx';

export const ComputationPanel = () => <ExperimentsView />;
