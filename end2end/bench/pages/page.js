/** What the pages of the other grids have in common. */

import { power } from '../data.ts';

const asked = new URL(location.href).searchParams;

export const size = { rows: Number(asked.get('rows')), columns: Number(asked.get('columns')) };

/** Of the portal's grid. */
export const ROW_PX = 32;
export const COLUMN_PX = 104;

export const place = document.getElementById('grid');
place.style.width = `${asked.get('width')}px`;
place.style.height = `${asked.get('height')}px`;

export const values = Array.from({ length: size.rows }, (_, row) =>
  Array.from({ length: size.columns }, (_, column) => power(size, row, column)),
);

export const hour = (row) => {
  const minutes = (row * 1440) / size.rows;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};
export const unit = (column) => `MWE-${String(column + 1).padStart(3, '0')}`;

/** Reads a number as people write it; `null` for what is none. */
export function read(text) {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || Number.isNaN(number) ? null : number;
}

/** Tells the gauge that the grid takes keys, and how to find its cells. */
export function ready(cells) {
  window.cells = cells;
  window.gauge.isReady();
}

/** Cells that are elements. */
export function elements(find) {
  return {
    text: (row, column) => find(row, column)?.textContent,
    point: (row, column) => middle(find(row, column).getBoundingClientRect()),
  };
}

export const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
