/**
 * The portal's grid beside grids from npm and one written by hand: in one browser, with the same values, as much of
 * them in sight, the same keys, in turn and in rounds, so that a busy moment of the machine meets all of them. Not a
 * test that can fail: `cargo xtask bench grids` prints its table.
 *
 * Frames are drawn as soon as there is something to draw, so that nobody waits for a screen. Left out are AG Grid,
 * whose free package cannot paste, and Handsontable, whose licence forbids its use in developing something like it.
 */

import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { brotliCompressSync } from 'node:zlib';
import { sourceAddress } from '../fixtures/identifiers.ts';
import type { Portal } from '../fixtures/portal.ts';
import { expect, expectTitle, test } from '../fixtures/test.ts';
import { SIZES, type Size, power } from './data.ts';
import { type Expected, install, installPortal } from './gauge.ts';
import { type Pages, serve } from './serve.ts';

/**
 * What the browser does not do. On some pages, chosen at random, it looks which links come into sight, in order to
 * guess where people go next: whoever presses a key within a sixtieth of a second after that waits for the rest of it.
 * Only the portal's pages have links. The other one keeps the former page in sight, and is off without this list, too.
 */
const OFF = ['NavigationPredictor', 'PaintHolding'];

test.use({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = [...(launchOptions.args ?? []), '--disable-frame-rate-limit', `--disable-features=${OFF}`];
      await use({ ...launchOptions, args });
    },
    { scope: 'worker' },
  ],
  // The portal is started for its own grid only.
  baseURL: async ({}, use) => use(undefined),
  screenshot: 'off',
});
test.describe.configure({ mode: 'serial' });
test.setTimeout(3_600_000);

const PORTAL = 'OpenBOK';
const PLAIN = 'plain';
const OTHERS = [PLAIN, 'glide', 'revogrid', 'jspreadsheet'];

/** The producer of the demo. */
const PRODUCER = { login: 'wytworca@example.com', password: 'Zielony-Rower-26' };

const ROUNDS = 5;
/** In each round. */
const EDITS = 12;
const PASTES = 8;
const FILLS = 4;
/** The first of everything only warm the scripts up. */
const WARM_UP = 2;
/** How long people look at what they did, in milliseconds. */
const PAUSE = 160;
/**
 * Until everything is done that follows when much was written: the portal sends drafts once nobody has typed for 0.8 s.
 * Two clicks so far from each other are no double click either.
 */
const REST = 1_200;
/** What is pasted, where there is room for it. */
const BLOCK: Size = { rows: 96, columns: 7 };
/** Cells that are in sight of every grid. */
const SEEN: Size = { rows: 18, columns: 6 };

/** A grid in one size. */
interface Contestant {
  name: string;
  size: Size;
  url: string;
  /** Address of the page that people come from. */
  from: string;
  context?: BrowserContextOptions;
  /** Runs in its pages before their own scripts. */
  prepare?: () => void;
  /** Addresses of code that was there before its page was opened. */
  loaded?: Set<string>;
}

/** Times in milliseconds, sizes in bytes. */
interface Figures {
  name: string;
  size: Size;
  /** Until the grid took keys: in a browser that has never been here, for who comes from another page, and once more. */
  cold: number[];
  ready: number[];
  again: number[];
  edit: number[];
  paste: number[];
  fill: number[];
  memory: number;
  code: number;
}

/** A grid, and what is known of it so far. */
interface Entrant {
  contestant: Contestant;
  figures: Figures;
}

const results: Figures[] = [];
let pages: Pages;
/** Of the portal's grid; the others get as much. */
let sight = { width: 1_000, height: 720 };

test.beforeAll(async () => {
  pages = await serve(OTHERS);
});

test.afterAll(async () => {
  await pages?.close();
  print();
});

for (const [number, size] of SIZES.entries()) {
  test(`${size.rows} × ${size.columns}`, async ({ browser, portal }) => {
    const entrants = [enter(await openPortal(browser, portal, number, size))];
    for (const name of OTHERS) {
      entrants.push(enter({ name, size, url: pages.url(name, { ...size, ...sight }), from: pages.url('', {}) }));
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each of them comes first once.
      for (const entrant of [...entrants.slice(round), ...entrants.slice(0, round)]) {
        await measure(browser, entrant);
      }
    }
    results.push(...entrants.map(({ figures }) => figures));
  });
}

/** Signs the producer in, and gives their plans the values that the others start with. */
async function openPortal(browser: Browser, portal: Portal, number: number, size: Size): Promise<Contestant> {
  const context = {
    baseURL: portal.url('/', 'pgb'),
    extraHTTPHeaders: { 'x-forwarded-for': sourceAddress() },
    permissions: ['clipboard-read', 'clipboard-write'],
  };
  const page = await browser.newPage(context);
  const loaded = watchCode(page);
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  await page.getByLabel('Login', { exact: true }).fill(PRODUCER.login);
  await page.getByLabel('Hasło', { exact: true }).fill(PRODUCER.password);
  const firstLoad = new Set(loaded.keys());
  await page.getByRole('button', { name: 'Zaloguj się' }).click();
  await expectTitle(page, 'Plany produkcji');
  const storageState = await page.context().storageState();
  await page.close();

  // So many units are all that the producer has.
  const units = Array.from({ length: Math.max(7, size.columns) }, (_, index) => unit(index));
  await portal.importUnits(units);
  const day = new Date(Date.now() + (6 + number) * 86_400_000).toISOString().slice(0, 10);
  const path = size.columns === 2 ? `/plans/${unit(6)}/${day}` : `/plans/units/${day}?resolution=PT15M`;
  const contestant: Contestant = {
    name: PORTAL,
    size,
    url: portal.url(path, 'pgb'),
    from: portal.url('/plans', 'pgb'),
    context: { ...context, storageState },
    prepare: installPortal,
    loaded: firstLoad,
  };
  await fill(browser, contestant);
  return contestant;
}

function unit(index: number): string {
  return `MWE-${String(index + 1).padStart(3, '0')}`;
}

async function fill(browser: Browser, contestant: Contestant): Promise<void> {
  const page = await visit(browser, contestant);
  await page.goto(contestant.url);
  await ready(page);
  await showGrid(page);
  await copy(page, contestant.size, contestant.size, 0);
  await click(page, 0, 0);
  await page.keyboard.press('Control+v');
  await expect(page.getByText(/Szkic zapisany o/)).toBeVisible({ timeout: 120_000 });
  const bounds = await page.getByRole('grid').boundingBox();
  sight = { width: Math.round(bounds?.width ?? sight.width), height: Math.round(bounds?.height ?? sight.height) };
  await page.context().close();
}

/** A page of a browser that has never been here. */
async function visit(browser: Browser, { context: options, prepare }: Contestant): Promise<Page> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options });
  await context.addInitScript(install);
  if (prepare) {
    await context.addInitScript(prepare);
  }
  return context.newPage();
}

function enter(contestant: Contestant): Entrant {
  const { name, size } = contestant;
  const times = { cold: [], ready: [], again: [], edit: [], paste: [], fill: [] };
  return { contestant, figures: { name, size, ...times, memory: 0, code: 0 } };
}

/** One round of a grid. */
async function measure(browser: Browser, { contestant, figures }: Entrant): Promise<void> {
  const { size, url, from, loaded } = contestant;
  const visitor = await visit(browser, contestant);
  await visitor.goto(from, { waitUntil: 'networkidle' });
  await visitor.goto(url);
  figures.ready.push(await ready(visitor));
  await visitor.context().close();

  const page = await visit(browser, contestant);
  const code = watchCode(page);
  await page.goto(url);
  figures.cold.push(await ready(page));
  await page.waitForTimeout(PAUSE);
  await page.reload();
  figures.again.push(await ready(page));
  figures.code ||= await weigh(code, loaded);
  figures.memory = await memory(page);
  await showGrid(page);
  figures.edit.push(...(await repeat(EDITS, page, size, edit)));
  figures.paste.push(...(await repeat(PASTES, page, size, paste)));
  figures.fill.push(...(await repeat(FILLS, page, size, fillDown)));
  await page.context().close();
}

function ready(page: Page): Promise<number> {
  return page.evaluate(() => window.gauge.ready);
}

/** Scrolls the grid to its beginning, and what stands above it out of sight. */
async function showGrid(page: Page): Promise<void> {
  await page.mouse.move(sight.width / 2, sight.height / 2);
  await page.mouse.wheel(0, -10_000);
  await page.waitForTimeout(PAUSE);
  await page.locator('.plan-grid, #grid').evaluate((grid) => grid.scrollIntoView());
}

/** Scripts, programs and styles that a page fetches, by their addresses. */
function watchCode(page: Page): Map<string, Promise<Buffer>> {
  const code = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    const url = response.url();
    if (/\.(js|wasm|css)$/.test(new URL(url).pathname) && !code.has(url)) {
      const body = response.body();
      // Who leaves the page before it has come does not need it.
      body.catch(() => {});
      code.set(url, body);
    }
  });
  return code;
}

/** How large code is as a server should send it. */
async function weigh(code: Map<string, Promise<Buffer>>, loaded = new Set<string>()): Promise<number> {
  let bytes = 0;
  for (const [url, body] of code) {
    bytes += loaded.has(url) ? 0 : brotliCompressSync(await body).length;
  }
  return bytes;
}

/** What scripts, documents and programs hold after everything that can be thrown away has been. */
async function memory(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const heap = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  const wasm = await page.evaluate(() =>
    [...window.gauge.wasm].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  );
  return heap.usedSize + heap.embedderHeapUsedSize + heap.backingStorageSize + wasm;
}

type Act = (page: Page, size: Size, number: number) => Promise<number>;

async function repeat(times: number, page: Page, size: Size, act: Act): Promise<number[]> {
  const took: number[] = [];
  for (let number = 0; number < times + WARM_UP; number += 1) {
    took.push(await act(page, size, number));
    await page.waitForTimeout(PAUSE);
  }
  return took.slice(WARM_UP);
}

/** How long from a key until the grid shows what was expected of it. */
async function time(page: Page, key: string, press: string, expected: Expected[]): Promise<number> {
  await page.evaluate(([key, expected]) => window.gauge.arm(key, expected), [key, expected] as const);
  await page.keyboard.press(press);
  return page.evaluate(() => window.gauge.took);
}

async function click(page: Page, row: number, column: number): Promise<void> {
  const { x, y } = await page.evaluate(([row, column]) => window.cells.point(row, column), [row, column] as const);
  await page.mouse.click(x, y);
  await page.waitForTimeout(PAUSE / 4);
}

/** Types into a cell as people do: onto it, and no faster than its field comes up. */
async function type(page: Page, row: number, column: number, value: number): Promise<void> {
  const [first = '', ...rest] = String(value);
  await click(page, row, column);
  await page.keyboard.press(first);
  await page.waitForFunction(() => document.activeElement?.matches('input, textarea, [contenteditable]'));
  await page.keyboard.type(rest.join(''), { delay: 10 });
  await page.waitForTimeout(PAUSE / 4);
}

/** Puts a block of values on the clipboard as a spreadsheet does. */
async function copy(page: Page, size: Size, { rows, columns }: Size, step: number): Promise<void> {
  const cells = (row: number) => Array.from({ length: columns }, (_, column) => power(size, row, column, step));
  const text = Array.from({ length: rows }, (_, row) => `${cells(row).join('\t')}\n`).join('');
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
}

/** Types a value, and times the key that ends typing. */
async function edit(page: Page, size: Size, number: number): Promise<number> {
  const row = (number * 5) % SEEN.rows;
  const column = number % Math.min(SEEN.columns, size.columns);
  const value = power(size, row, column, 1 + (number % 4));
  await type(page, row, column, value);
  return time(page, 'Enter', 'Enter', [[row, column, value]]);
}

async function paste(page: Page, size: Size, number: number): Promise<number> {
  const block = { rows: Math.min(BLOCK.rows, size.rows), columns: Math.min(BLOCK.columns, size.columns) };
  const step = 5 + (number % 5);
  await copy(page, size, block, step);
  await showGrid(page);
  await page.waitForTimeout(REST);
  await click(page, 0, 0);
  const columns = [0, Math.min(SEEN.columns, block.columns) - 1];
  const corners = [0, SEEN.rows - 1].flatMap((row) =>
    columns.map((column): Expected => [row, column, power(size, row, column, step)]),
  );
  return time(page, 'v', 'Control+v', corners);
}

/** Fills a column with its first value. */
async function fillDown(page: Page, size: Size, number: number): Promise<number> {
  const column = number % Math.min(SEEN.columns, size.columns);
  const value = power(size, 0, column, 1 + (number % 4));
  await showGrid(page);
  await type(page, 0, column, value);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(REST);
  await click(page, 0, column);
  await page.keyboard.press('Control+Shift+ArrowDown');
  await page.waitForTimeout(PAUSE);
  // Some scroll to where the selection ends.
  const last = size.rows - 1;
  const isDrawn = await page.evaluate(([row, column]) => window.cells.text?.(row, column) !== undefined, [
    last,
    column,
  ] as const);
  const seen = isDrawn ? last : SEEN.rows - 1;
  return time(page, 'd', 'Control+d', [[seen, column, value]]);
}

function percentile(times: number[], share: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

function print(): void {
  const ms = (time: number) => time.toFixed(1);
  const head = ['cold', 'ready', 'again', 'edit p50', 'p95', 'paste p50', 'p95', 'fill p50', 'p95', 'memory', 'code'];
  const lines = results.map(({ cold, ready, again, edit, paste, fill, memory, code }) => [
    ...[cold, ready, again].map((times) => percentile(times, 0.5).toFixed(0)),
    ...[edit, paste, fill].flatMap((times) => [ms(percentile(times, 0.5)), ms(percentile(times, 0.95))]),
    `${(memory / 1e6).toFixed(1)} MB`,
    `${(code / 1e3).toFixed(1)} kB`,
  ]);
  const names = results.map(({ name, size }) => `${name}, ${size.rows} × ${size.columns}`);
  const row = (name: string, figures: string[]) =>
    name.padEnd(23) + figures.map((figure) => figure.padStart(10)).join('');
  const table = lines.map((line, number) => row(names[number] ?? '', line));
  console.log(['', row('milliseconds', head), ...table].join('\n'));
}
