/** Draws the icons of public/icons/ from public/icon.svg, in a Chromium: `node scripts/icons.mjs`. Their results are committed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { chromiumArguments, findChromium } from './browser.mjs';

const PAPER = '#0c1110';
const INK = '#62cabf';
/** Share of the edge that the drawing takes. A maskable icon is cut to a circle or less: what counts lies in its middle. */
const ICONS = [
  { name: 'icon-192', size: 192, share: 0.74, radius: 0.2 },
  { name: 'icon-512', size: 512, share: 0.74, radius: 0.2 },
  { name: 'maskable-512', size: 512, share: 0.52, radius: 0 },
  { name: 'touch-180', size: 180, share: 0.66, radius: 0 },
];

const drawing = readFileSync('public/icon.svg', 'utf8').replaceAll('#178279', INK);
mkdirSync('public/icons', { recursive: true });
const browser = await chromium.launch({ executablePath: (await findChromium()).path, args: chromiumArguments });
try {
  for (const { name, size, share, radius } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const edge = Math.round(size * share);
    const box = `display:grid;place-items:center;width:${size}px;height:${size}px;background:${PAPER};border-radius:${size * radius}px`;
    await page.setContent(`<style>body{margin:0}svg{width:${edge}px;height:${edge}px}</style><div style="${box}">${drawing}</div>`);
    writeFileSync(`public/icons/${name}.png`, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
