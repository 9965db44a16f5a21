/** RevoGrid: a web component; it fills down by dragging only, so Ctrl+D calls what that ends in. */

import { defineCustomElements } from '@revolist/revogrid/loader';
import { COLUMN_PX, ROW_PX, elements, place, ready, read, size, unit, values } from './page.js';

defineCustomElements();

const grid = document.createElement('revo-grid');
Object.assign(grid, {
  source: values,
  columns: Array.from({ length: size.columns }, (_, column) => ({
    prop: column,
    name: unit(column),
    size: COLUMN_PX,
    cellParser: (model) => model[column],
  })),
  rowSize: ROW_PX,
  rowHeaders: true,
  range: true,
  filter: false,
  useClipboard: true,
});
grid.style.height = '100%';
addEventListener('keydown', async (event) => {
  if (event.ctrlKey && event.key === 'd') {
    event.preventDefault();
    const { x, y, x1, y1 } = await grid.getSelectedRange();
    const { data } = await grid.getProviders();
    const first = Object.fromEntries(Object.entries(values[y]).slice(x, x1 + 1));
    const changed = Object.fromEntries(Array.from({ length: y1 - y }, (_, down) => [y + 1 + down, first]));
    data.setRangeData(changed, 'rgRow');
  }
});
place.append(grid);

const find = (row, column) =>
  grid.querySelector(`.rgCol revogr-data[type="rgRow"] [data-rgrow="${row}"][data-rgcol="${column}"]`);
const waiting = setInterval(() => {
  if (read(find(0, 0)?.textContent ?? '') !== null) {
    clearInterval(waiting);
    ready(elements(find));
  }
});
