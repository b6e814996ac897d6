/** The page: the workbench is started, put within reach of the console, and the interface over it. */
import './environment/language.ts';
import { rolesOf } from './client/roles.ts';
import { startWorkbench } from './page.ts';
import { mount } from './ui/app.tsx';

const { client, ready, restartWorker } = startWorkbench();
Object.assign(globalThis, { glassbox: { client, ...rolesOf(client), ready } });
mount(document.getElementById('root')!, { client, restartWorker });
