/** The tester's call by name: a service's own examples, run as tests. */
import type { Output, ServiceName } from '../contract/index.ts';
import type { Client } from './client.ts';

/** The same for every service. */
export type TestReport = Output<'tokenizer', 'test'>;

export class Tester {
  constructor(private readonly client: Pick<Client, 'post'>) {}

  /**
   * Runs all examples of a service, or those named.
   * @throws ApiError not_found for a case that the service does not have
   */
  runServiceTests(service: ServiceName, cases?: string[]): Promise<TestReport> {
    return this.client.post(service, 'test', cases ? { cases } : {});
  }
}
