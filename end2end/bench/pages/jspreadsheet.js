/** Jspreadsheet CE: a table of all cells; it fills down by dragging only, so Ctrl+D calls what writes many cells. */

import 'jsuites/dist/jsuites.css';
import 'jspreadsheet-ce/dist/jspreadsheet.css';
import jspreadsheet from 'jspreadsheet-ce';
import { COLUMN_PX, ROW_PX, elements, place, ready, size, unit, values } from './page.js';

const [sheet] = jspreadsheet(place, {
  worksheets: [
    {
      data: values,
      columns: Array.from({ length: size.columns }, (_, column) => ({
        title: unit(column),
        width: COLUMN_PX,
        type: 'numeric',
        align: 'right',
      })),
      defaultRowHeight: ROW_PX,
      tableOverflow: true,
      tableWidth: `${place.clientWidth}px`,
      tableHeight: `${place.clientHeight}px`,
      lazyLoading: true,
    },
  ],
});

addEventListener('keydown', (event) => {
  if (event.ctrlKey && event.key === 'd') {
    event.preventDefault();
    const [left, top, right, bottom] = sheet.getSelection();
    const cells = [];
    for (let row = top + 1; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        cells.push({ x: column, y: row, value: sheet.getValueFromCoords(column, top) });
      }
    }
    sheet.setValue(cells);
  }
});

ready(elements((row, column) => place.querySelector(`td[data-x="${column}"][data-y="${row}"]`)));
