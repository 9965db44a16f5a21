/** Glide Data Grid: draws on a canvas; fills down by Ctrl+D itself. */

import '@glideapps/glide-data-grid/dist/index.css';
import { DataEditor, GridCellKind } from '@glideapps/glide-data-grid';
import { createElement, createRef } from 'react';
import { createRoot } from 'react-dom/client';
import { COLUMN_PX, ROW_PX, middle, place, ready, size, unit, values } from './page.js';

/** What the canvas shows can be known only by what was written on it. */
const written = new Set();
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
  written.add(text);
  return fillText.call(this, text, ...where);
};

const columns = Array.from({ length: size.columns }, (_, column) => ({ title: unit(column), width: COLUMN_PX }));
const show = (value) => value?.toFixed(3) ?? '';
const grid = createRef();

const contents = ([column, row]) => ({
  kind: GridCellKind.Number,
  data: values[row][column],
  displayData: show(values[row][column]),
  allowOverlay: true,
  contentAlign: 'right',
});

const write = (edits) => {
  for (const { location: [column, row], value } of edits) {
    values[row][column] = value.data ?? null;
  }
  return true;
};

document.body.insertAdjacentHTML('beforeend', '<div id="portal" style="position:fixed;inset:0 auto auto 0"></div>');
createRoot(place).render(
  createElement(DataEditor, {
    ref: grid,
    width: place.clientWidth,
    height: place.clientHeight,
    columns,
    rows: size.rows,
    rowHeight: ROW_PX,
    headerHeight: ROW_PX,
    rowMarkers: 'number',
    getCellContent: contents,
    getCellsForSelection: true,
    onCellsEdited: write,
    onPaste: true,
    fillHandle: true,
    cellActivationBehavior: 'double-click',
    keybindings: { downFill: true },
  }),
);

const waiting = setInterval(() => {
  if (written.has(show(values[0][0]))) {
    clearInterval(waiting);
    ready({
      has: (_row, _column, value) => written.has(show(value)),
      forget: () => written.clear(),
      point: (row, column) => middle(grid.current.getBounds(column, row)),
    });
  }
});
