/**
 * What a first visit costs, on a slow telephone: bytes on the wire by kind, and when the largest thing is painted.
 * Not a test that can fail: `cargo xtask bench` prints it after the figures of the server.
 */

import type { CDPSession, Page } from '@playwright/test';
import { awake, signIn, test } from './fixtures/test.ts';

test.setTimeout(120_000);

/** Four times slower than this machine, and the slow 4G of Lighthouse. */
const SLOWDOWN = 4;
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};

const DEMO = { loginName: 'demo', password: 'Zielony-Rower-26' };
const KINDS: Record<string, string> = { Document: 'HTML', Stylesheet: 'CSS', Script: 'JS', Fetch: 'WASM' };

function line(what: string, figure: string): void {
  console.log(`${what.padEnd(58)} ${figure}`);
}

/** Opens a page as a first visit and adds up what arrives, headers included. */
async function weigh(page: Page, devtools: CDPSession, path: string): Promise<Map<string, number>> {
  const kinds = new Map<string, string>();
  const bytes = new Map<string, number>();
  devtools.on('Network.responseReceived', (event) => {
    const kind = event.response.url.endsWith('.wasm') ? 'WASM' : (KINDS[event.type] ?? 'other');
    kinds.set(event.requestId, kind);
  });
  devtools.on('Network.loadingFinished', (event) => {
    const kind = kinds.get(event.requestId) ?? 'other';
    bytes.set(kind, (bytes.get(kind) ?? 0) + event.encodedDataLength);
  });
  await page.goto(path);
  await awake(page);
  return bytes;
}

/** When the largest thing of the page was painted, in milliseconds since the visit began. */
function largestPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
}

async function report(name: string, page: Page, path: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.clearBrowserCache');
  for (const [kind, size] of await weigh(page, devtools, path)) {
    line(`first visit of the ${name}, ${kind}`, `${String(size).padStart(8)} B`);
  }
  await devtools.send('Network.clearBrowserCache');
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  const started = Date.now();
  await page.goto(path);
  const paint = await largestPaint(page);
  await awake(page);
  line(`largest paint of the ${name}, CPU ÷ ${SLOWDOWN}, slow 4G`, `${paint.toFixed(0).padStart(8)} ms`);
  line(`until the ${name} is awake`, `${String(Date.now() - started).padStart(8)} ms`);
}

test('sign-in page', async ({ page }) => {
  await report('sign-in page', page, '/sign-in');
});

test('registration', async ({ page }) => {
  await report('registration', page, '/register');
});

test('home page', async ({ page }) => {
  await signIn(page, DEMO);
  await report('home page', page, '/');
});
