/** What a RESTful answer has around its data: how it came about, and where examples of the endpoint are. */
import { z } from 'zod';

export const metadata = z
  .object({
    service: z.string(),
    endpoint: z.string(),
    request_id: z.string(),
    mode: z.enum(['restful', 'direct']),
    timestamp: z.string(),
    duration_ms: z.number(),
    timings: z.record(z.string(), z.number()).meta({ description: 'Milliseconds by phase; also in the Server-Timing header.' }),
    model: z
      .object({
        model_id: z.string(),
        execution_provider: z.string(),
        weights_hash: z.string(),
        code_revisions: z.record(z.string(), z.string()),
      })
      .optional(),
  })
  .meta({ id: 'Metadata' });

export const examplesLink = z.object({ count: z.int(), href: z.string(), sample: z.unknown() }).meta({ id: 'ExamplesLink' });

export interface Envelope<Data> {
  data: Data;
  metadata: z.infer<typeof metadata>;
  examples: z.infer<typeof examplesLink>;
}
