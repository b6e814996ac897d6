/** People paste addresses of many forms; all of them must find the folder. */
import { expect, it } from 'vitest';
import { addressOf, fileUrl } from './source.ts';

const PAGE = 'https://site.example/app/';

it.each([
  ['https://host/a/b', 'https://host/a/b/config.json', 'b'],
  ['https://host/a/b/', 'https://host/a/b/config.json', 'b'],
  ['https://host/a/b/config.json?x=1#y', 'https://host/a/b/config.json?x=1', 'b'],
  ['https://host', 'https://host/config.json', 'host'],
  ['models/x', 'https://site.example/app/models/x/config.json', 'x'],
  ['https://huggingface.co/owner/name', 'https://huggingface.co/owner/name/resolve/main/config.json', 'owner/name'],
  ['https://huggingface.co/owner/name/tree/v1', 'https://huggingface.co/owner/name/resolve/v1/config.json', 'owner/name'],
  ['https://hf.co/owner/name/blob/main/sub/config.json', 'https://hf.co/owner/name/resolve/main/sub/config.json', 'owner/name'],
])('finds the folder of %s', (url, config, id) => {
  const address = addressOf({ kind: 'url', url }, PAGE);
  expect(fileUrl(address, 'config.json')).toBe(config);
  expect(address.id).toBe(id);
});

it('finds bundled models and the hub, with any endpoint', () => {
  expect(fileUrl(addressOf({ kind: 'bundled', id: 'default' }, PAGE), 'config.json')).toBe(
    'https://site.example/app/models/default/config.json',
  );
  const hub = addressOf({ kind: 'hub', repo: 'o/n', revision: 'refs/pr/1', endpoint: 'http://mirror/hf' }, PAGE);
  expect(fileUrl(hub, 'onnx/model.onnx')).toBe('http://mirror/hf/o/n/resolve/refs%2Fpr%2F1/onnx/model.onnx');
});

it('fills in what direct calls leave out', () => {
  expect(addressOf({ kind: 'bundled' }, PAGE).source).toBe('bundled:default');
  expect(addressOf({ kind: 'hub', repo: 'o/n' }, PAGE).base.href).toBe('https://huggingface.co/o/n/resolve/main/');
});

it('knows a commit from a branch', () => {
  const revision = (name: string): boolean =>
    addressOf({ kind: 'hub', repo: 'o/n', revision: name, endpoint: 'https://huggingface.co' }, PAGE).immutable;
  expect([revision('main'), revision('0123456789abcdef0123456789abcdef01234567')]).toEqual([false, true]);
});
