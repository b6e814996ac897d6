/** Only who took the port can post to the page. */
import { expect, it } from 'vitest';
import { type PagePort, takePagePort } from './page-port.ts';

it.each(['own', 'of the prototype'])('posts for the workbench, and refuses everybody else: %s', (where) => {
  const posted: unknown[] = [];
  const methods = {
    postMessage: (message: unknown) => void posted.push(message),
    addEventListener() {},
    removeEventListener() {},
  };
  const scope = (where === 'own' ? methods : Object.create(methods)) as PagePort;
  const port = takePagePort(scope);
  port.postMessage(1);
  expect(() => scope.postMessage(2)).toThrow('postMessage is the workbench’s own');
  if (where !== 'own') expect(() => methods.postMessage(3)).toThrow('postMessage is the workbench’s own');
  expect(() => {
    scope.postMessage = () => {};
  }).toThrow('read only');
  expect(posted).toEqual([1]);
});
