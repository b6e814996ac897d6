/** A tab for each test, in a browser that the tests of a project share; its console stays clean. */
import { test as base, expect } from '@playwright/test';
import type { Driver } from './driver.ts';
import { launch } from './engines.ts';
import { Tab } from './tab.ts';

export const test = base.extend<{ tab: Tab }, { engine: string; driver: Driver }>({
  engine: ['', { option: true, scope: 'worker' }],
  driver: [
    async ({ engine }, use) => {
      const driver = await launch(engine);
      console.info(driver.version);
      await driver.resize(1280, 800);
      await use(driver);
      await driver.close();
    },
    { scope: 'worker' },
  ],
  tab: async ({ driver }, use) => {
    await use(new Tab(driver));
    expect(await driver.complaints(), 'the console stays clean').toEqual([]);
  },
});

export { expect };
