/** The page: the workbench is started, put within reach of the console, and the interface over it. */
import './environment/language.ts';
import { rolesOf } from './client/roles.ts';
import { startWorkbench } from './page.ts';
import { isFramedByAnotherOrigin, showFrameNotice } from './site/frame.ts';
import { mount } from './ui/app.tsx';

const root = document.getElementById('root')!;
if (isFramedByAnotherOrigin()) showFrameNotice(root);
else {
  const { client, ready, restartWorker, startingModel } = startWorkbench();
  Object.assign(globalThis, { glassbox: { client, ...rolesOf(client), ready } });
  mount(root, { client, restartWorker, startingModel });
}
