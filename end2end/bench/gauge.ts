/**
 * The clock in the page, the same for every grid. It starts when the browser dispatches the key, before any listener of
 * the page hears of it, and stops in the first task after a frame that shows the new value: scripts, style, layout and
 * painting are in it, the way of the key to the page and the raster of the pixels are not.
 */

declare global {
  interface Window {
    gauge: Gauge;
    cells: Cells;
  }
}

/** A value that a grid is to show: row, column, megawatts. */
export type Expected = [row: number, column: number, power: number];

interface Gauge {
  /** When the grid took keys and that was painted, in milliseconds since the visit began. */
  ready: Promise<number>;
  isReady(): void;
  /** Waits for the key. */
  arm(key: string, expected: Expected[]): void;
  /** From the key to the frame that shows what was expected, in milliseconds. */
  took: Promise<number>;
  /** Memory of WebAssembly, which no figure of the browser counts. */
  wasm: Set<WebAssembly.Memory>;
}

/** How the gauge finds what a grid shows. */
interface Cells {
  text?(row: number, column: number): string | null | undefined;
  has?(row: number, column: number, power: number): boolean;
  forget?(): void;
  point(row: number, column: number): { x: number; y: number };
}

/** Runs in every page before its own scripts. */
export function install(): void {
  const PATIENCE_MS = 10_000;
  let isReady = (): void => {};
  const called = new Promise<void>((done) => {
    isReady = done;
  });
  const painted = () =>
    new Promise<number>((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now());
      requestAnimationFrame(() => channel.port2.postMessage(null));
    });
  const shows = ([row, column, power]: Expected): boolean => {
    const { cells } = window;
    const text = cells.text?.(row, column) ?? '';
    return cells.has?.(row, column, power) ?? Number.parseFloat(text.replace(',', '.')) === power;
  };
  window.gauge = {
    ready: called.then(painted),
    isReady,
    took: Promise.resolve(Number.NaN),
    wasm: new Set(),
    arm(key, expected) {
      this.took = new Promise((done, failed) => {
        const start = async (event: KeyboardEvent): Promise<void> => {
          if (event.key !== key) {
            return;
          }
          const started = performance.now();
          removeEventListener('keydown', start, true);
          window.cells.forget?.();
          for (let now = started; now < started + PATIENCE_MS; ) {
            now = await painted();
            if (expected.every(shows)) {
              return done(now - started);
            }
          }
          failed(new Error(`${key} never showed ${JSON.stringify(expected)}`));
        };
        addEventListener('keydown', start, true);
      });
      // Whoever waits for it hears of a failure.
      this.took.catch(() => {});
    },
  };

  for (const name of ['instantiate', 'instantiateStreaming'] as const) {
    const original = WebAssembly[name] as (...words: unknown[]) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
    const kept = async (...words: unknown[]) => {
      const made = await original(...words);
      const { exports } = made.instance ?? made;
      for (const part of Object.values(exports)) {
        if (part instanceof WebAssembly.Memory) {
          window.gauge.wasm.add(part);
        }
      }
      return made;
    };
    Object.assign(WebAssembly, { [name]: kept });
  }
}

/** For the portal, whose page knows nothing of the gauge: it is ready when the grid has framed its selection. */
export function installPortal(): void {
  const find = (row: number, column: number) =>
    document.querySelector(`.plan-grid [aria-rowindex="${row + 2}"] > [aria-colindex="${column + 2}"]`);
  window.cells = {
    text: (row, column) => find(row, column)?.textContent,
    point: (row, column) => {
      const { x, y, width, height } = find(row, column)?.getBoundingClientRect() ?? new DOMRect();
      return { x: x + width / 2, y: y + height / 2 };
    },
  };
  const watch = new MutationObserver(() => {
    if (document.querySelector('.plan-grid__frame[style]')) {
      watch.disconnect();
      window.gauge.isReady();
    }
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] });
}
