/** The figures by which serving is judged, the same for live runs, simulations and experiments. */
import { z } from 'zod';
import { inForms } from './in-forms.ts';

const ms = z.number().min(0);

export const latencySummary = z
  .object({ count: z.int().min(0), mean_ms: ms, p50_ms: ms, p95_ms: ms, p99_ms: ms, max_ms: ms })
  .meta({ id: 'LatencySummary', description: 'Percentiles by linear interpolation between ranks.' });

/** Service level objectives: a request is good when it meets every one given. */
export const slo = z
  .strictObject({
    ttft_ms: z
      .number()
      .gt(0)
      .optional()
      .meta(inForms({ label: 'TTFT at most', unit: 'ms', empty: 'any' })),
    tpot_ms: z
      .number()
      .gt(0)
      .optional()
      .meta(inForms({ label: 'TPOT at most', unit: 'ms', empty: 'any' })),
    e2e_ms: z
      .number()
      .gt(0)
      .optional()
      .meta(inForms({ label: 'E2E at most', unit: 'ms', empty: 'any' })),
    deadline: z.boolean().optional().meta({ description: 'It must also meet its own deadline, where it has one.' }),
  })
  .meta({ id: 'ServiceLevelObjectives' });

const summary = latencySummary.nullable();

export const servingMetrics = z
  .object({
    requests: z
      .object({ total: z.int(), finished: z.int(), refused: z.int(), cancelled: z.int(), failed: z.int() })
      .meta({ description: 'Each of the total is in one of the others.' }),
    makespan_ms: ms.meta({ description: 'From the first arrival to the last token.' }),
    queue_time: summary.meta({ description: 'From arrival to the first step that computes for it.' }),
    ttft: summary.meta({ description: 'Time to the first token, from arrival.' }),
    tpot: summary.meta({ description: 'Time per output token: (e2e − ttft) / (n − 1), of requests with two tokens or more.' }),
    itl: summary.meta({ description: 'Inter-token latency: every gap between two tokens of a request.' }),
    e2e: summary.meta({ description: 'From arrival to the last token.' }),
    requests_per_second: z.number().min(0),
    prompt_tokens_per_second: z.number().min(0),
    output_tokens_per_second: z.number().min(0),
    goodput: z
      .object({ requests_per_second: z.number().min(0), share: z.number().min(0).max(1) })
      .nullable()
      .meta({ description: 'Requests that meet every objective given; `null` where none was given.' }),
    steps: z.int().min(0),
    batch_size: z.object({ mean: z.number().min(0), max: z.int().min(0) }).meta({ description: 'Sequences a step.' }),
    kv_utilization: z
      .object({ mean: z.number().min(0).max(1), max: z.number().min(0).max(1) })
      .meta({ description: 'Share of the pool held by sequences, by time.' }),
    prefix_hit_rate: z.number().min(0).max(1).nullable(),
    preemptions: z.int().min(0),
    swaps: z.int().min(0).meta({ description: 'Sequences swapped out.' }),
    fairness: z.number().min(0).max(1).nullable().meta({ description: "Jain's index over the clients' tokens; `null` with one client." }),
  })
  .meta({ id: 'ServingMetrics' });
