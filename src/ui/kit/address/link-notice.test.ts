/** The host that a link would ask is named however its address is written. */
import { expect, it } from 'vitest';
import { hostsIn } from './link-notice.tsx';

it.each([
  'http://evil.test:5404/m/',
  '//evil.test:5404/m/',
  String.raw`\\evil.test:5404\m`,
  String.raw`http:\\evil.test:5404/m`,
  String.raw`http:/\evil.test:5404/m`,
  'http:evil.test:5404/m',
  'ht\ntp://evil.test:5404/m/',
  ' \thttp://evil.test:5404/m/',
  'http://huggingface.co@evil.test:5404/m/',
])('%j', (url) => expect(hostsIn({ source: { kind: 'url', url } })).toEqual(['evil.test:5404']));

it('names none of what stays here, and those within a text', () => {
  expect(hostsIn({ source: { kind: 'url', url: 'models/default/' }, prompt: 'Once // upon' })).toEqual([]);
  expect(hostsIn({ source: "await fetch('https://a.test/x')" })).toEqual(['a.test']);
});
