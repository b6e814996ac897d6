import { describe, expect, it } from 'vitest';
import type { Health } from '../kit/client-context.tsx';
import { noticesFor } from './notices.ts';

const healthy: Health = {
  ...{ worker: 'ready', starts: 1, failure: null, silence: null, leftOut: [] },
  ...{ restful: 'ready', reason: null, revived: 0, isolated: true, threads: 4, streamingBody: true },
  newVersion: false,
  restoring: null,
};
const keysOf = (change: Partial<Health>) => noticesFor({ ...healthy, ...change }, () => {}).map(({ key }) => key);

describe('notices', () => {
  it('says nothing when all is well', () => expect(keysOf({})).toEqual([]));

  it('offers a soft reload when the service worker is missing', () => {
    const [notice] = noticesFor({ ...healthy, restful: 'unavailable', reason: 'A hard reload.' }, () => {});
    expect(notice).toMatchObject({ tone: 'warn', action: { label: 'Reload' } });
    expect(notice?.text).toContain('A hard reload.');
  });

  it('offers a restart when the worker is gone, and then nothing less urgent about REST', () => {
    let restarted = false;
    const notices = noticesFor(
      { ...healthy, worker: 'failed', restful: 'unavailable', failure: 'Out of memory.' },
      () => (restarted = true),
    );
    expect(notices.map(({ tone }) => tone)).toEqual(['bad']);
    notices[0]?.action?.run();
    expect(restarted).toBe(true);
  });

  it('says once what lasts no longer than the page, together with what else the lack of storage ends', () => {
    const refused = [
      { what: 'settings', why: 'denied' },
      { what: 'patches', why: 'denied' },
    ] as const;
    const [notice, ...others] = noticesFor(healthy, () => {}, refused);
    expect(others).toEqual([]);
    expect(notice?.text).toContain('Settings and patches last until the page is closed');
    const off = noticesFor({ ...healthy, restful: 'unavailable', reason: 'No storage.' }, () => {}, refused);
    expect(off.map(({ text }) => text)).toEqual([
      'RESTful mode is off; every call goes direct. No storage. Settings and patches last until the page is closed or reloaded.',
    ]);
    const full = noticesFor(healthy, () => {}, [{ what: 'plans', why: 'full' }]);
    expect(full.map(({ text }) => text)).toEqual([expect.stringContaining('full. The latest plans last until')]);
    const newer = noticesFor(healthy, () => {}, [
      { what: 'plans', why: 'newer' },
      { what: 'patches', why: 'newer' },
    ]);
    expect(newer).toEqual([expect.objectContaining({ key: 'newer', action: expect.objectContaining({ label: 'Reload' }) })]);
    expect(newer[0]?.text).toMatch(/keeps of plans and patches was written by a newer version .* It stays as it is/);
  });

  it('offers a restart when the worker is silent, names what it is at work on, and bears with the runtime', () => {
    const patch = { id: 'sampler', revisionId: '0123456789abcdef' };
    const silent = (kind: 'runtime' | 'patch', ms: number) => ({ silence: { ms, work: { kind, what: 'the patch of sampler', patch } } });
    const [notice] = noticesFor({ ...healthy, ...silent('patch', 4000) }, () => {});
    expect(notice).toMatchObject({ tone: 'bad', action: { label: 'Restart worker' } });
    expect(notice?.text).toContain('the patch of sampler');
    expect(keysOf(silent('runtime', 4000))).toEqual([]);
    expect(keysOf(silent('runtime', 30_000))).toHaveLength(1);
  });

  it('says which patch was left out, and why', () => {
    const textOf = (why: 'silent' | 'failed' | 'model', detail: string | null) =>
      noticesFor({ ...healthy, leftOut: [{ id: 'sampler', title: 'Sampler', revisionId: '0123456789abcdef', why, detail }] }, () => {})[0]
        ?.text;
    expect(textOf('silent', null)).toMatch(/^Started without the patch of Sampler \(revision 01234567\): it was at work .* The built-in/);
    expect(textOf('failed', 'A word.')).toMatch(/^Started without .*: it could not be made active\. A word\. The built-in/);
    expect(textOf('model', 'A word.')).toMatch(/^The loaded model is without .*: it does not fit that model\. A word\. The built-in/);
  });

  it('comes back with every revival, and tells of buffering', () => {
    expect(keysOf({ revived: 1 })).not.toEqual(keysOf({ revived: 2 }));
    expect(keysOf({ streamingBody: false })).toEqual(['buffering']);
  });
});
