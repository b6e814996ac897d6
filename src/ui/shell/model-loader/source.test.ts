/** What can be told of a source before anything is asked, and what a chosen folder is called. */
import { expect, test } from 'vitest';
import { FAULTS, folderFiles, folderName, initialChoice } from './source.ts';

const file = (path: string) => Object.assign(new File(['{}'], path.split('/').at(-1)!), { webkitRelativePath: path });

test('each field says what is wrong with it', () => {
  expect(FAULTS.bundledId({ ...initialChoice, bundledId: ' ' })).toBe('is required.');
  expect(FAULTS.bundledId({ ...initialChoice, bundledId: '../../x' })).toMatch(/^must be a name of letters, digits/);
  expect(FAULTS.repo({ ...initialChoice, repo: 'x' })).toBe('must be owner/name; it is "x".');
  expect(FAULTS.url({ ...initialChoice, url: '' })).toBe('is required.');
  expect(FAULTS.url({ ...initialChoice, url: 'ftp://host/m' })).toBe('must be an address of http or https; it is "ftp://host/m".');
  expect(FAULTS.url({ ...initialChoice, url: 'http://' })).toBe('must be an address of http or https; it is "http://".');
  for (const url of ['models/default/', '/models/default', 'https://host/m?x=1', 'abc'])
    expect(FAULTS.url({ ...initialChoice, url })).toBeNull();
  expect(FAULTS.files(initialChoice)).toBe('is required: choose one.');
});

test('a chosen folder keeps its name, hidden files stay behind', () => {
  const files = folderFiles([file('mine/config.json'), file('mine/.git/config'), file('mine/onnx/model.onnx')]);
  expect(files.map(({ path }) => path)).toEqual(['mine/config.json', 'mine/onnx/model.onnx']);
  expect(FAULTS.files({ ...initialChoice, files })).toBeNull();
  expect(folderName(files)).toBe('mine');
  expect(FAULTS.files({ ...initialChoice, files: folderFiles([file('mine/a.txt')]) })).toBe('must have a config.json; mine has a.txt.');
});
