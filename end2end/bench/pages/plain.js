/**
 * The limit: a grid written by hand for this one sheet. It draws the cells in sight, edits in a field, pastes, fills
 * down and adds up what is selected; no names for screen readers, no rules, no undoing, no saving.
 */

import { COLUMN_PX, ROW_PX, elements, hour, place, read, ready, size, unit, values } from './page.js';
import './plain.css';

const HOURS_PX = 116;
const RIM = 4;

place.innerHTML = `
  <div class="grid" tabindex="0">
    <div class="heads"></div><div class="hours"></div><div class="rows"></div><div class="frame"></div>
  </div>
  <p class="sum"></p>`;
const [grid, heads, hours, rows, frame, sum] = ['.grid', '.heads', '.hours', '.rows', '.frame', '.sum'].map((name) =>
  place.querySelector(name),
);
heads.style.width = `${HOURS_PX + size.columns * COLUMN_PX}px`;
hours.style.height = `${size.rows * ROW_PX}px`;
rows.style.cssText = `width:${size.columns * COLUMN_PX}px;height:${size.rows * ROW_PX}px`;

const show = (value) => (value === null ? '' : value.toFixed(3).replace('.', ','));
const anchor = { row: 0, column: 0 };
const head = { row: 0, column: 0 };
let drawn = { top: 0, bottom: 0, left: 0, right: 0 };
let field = null;

function drawSight() {
  const top = Math.max(0, Math.floor(grid.scrollTop / ROW_PX) - RIM);
  const left = Math.max(0, Math.floor(grid.scrollLeft / COLUMN_PX) - RIM);
  const bottom = Math.min(size.rows, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW_PX) + RIM);
  const right = Math.min(size.columns, Math.ceil((grid.scrollLeft + grid.clientWidth) / COLUMN_PX) + RIM);
  if (top === drawn.top && bottom === drawn.bottom && left === drawn.left && right === drawn.right) {
    return;
  }
  drawn = { top, bottom, left, right };
  let html = '<div class="corner"></div>';
  for (let column = left; column < right; column += 1) {
    html += `<div class="head" style="left:${HOURS_PX + column * COLUMN_PX}px">${unit(column)}</div>`;
  }
  heads.innerHTML = html;
  html = '';
  let names = '';
  for (let row = top; row < bottom; row += 1) {
    names += `<div class="hour" style="top:${row * ROW_PX}px">${hour(row)}</div>`;
    html += `<div class="row" style="top:${row * ROW_PX}px">`;
    for (let column = left; column < right; column += 1) {
      html += `<div class="cell" style="left:${column * COLUMN_PX}px">${show(values[row][column])}</div>`;
    }
    html += '</div>';
  }
  hours.innerHTML = names;
  rows.innerHTML = html;
}

/** The element of a cell, if it is drawn. */
function cell(row, column) {
  const isDrawn = row >= drawn.top && row < drawn.bottom && column >= drawn.left && column < drawn.right;
  return isDrawn ? rows.children[row - drawn.top].children[column - drawn.left] : undefined;
}

function area() {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

function write(row, column, value) {
  values[row][column] = value;
  const element = cell(row, column);
  if (element) {
    element.textContent = show(value);
  }
}

function showSelection() {
  const { top, bottom, left, right } = area();
  frame.style.cssText =
    `transform:translate(${HOURS_PX + left * COLUMN_PX}px,${(top + 1) * ROW_PX}px);` +
    `width:${(right - left + 1) * COLUMN_PX}px;height:${(bottom - top + 1) * ROW_PX}px`;
  let total = 0;
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      total += values[row][column] ?? 0;
    }
  }
  sum.textContent = `${(bottom - top + 1) * (right - left + 1)} wartości, suma ${show(total)} MW`;
}

function go(row, column, isExtending = false) {
  head.row = Math.max(0, Math.min(size.rows - 1, row));
  head.column = Math.max(0, Math.min(size.columns - 1, column));
  if (!isExtending) {
    Object.assign(anchor, head);
  }
  const top = head.row * ROW_PX;
  const left = head.column * COLUMN_PX;
  const height = grid.clientHeight - 2 * ROW_PX;
  const room = grid.clientWidth - HOURS_PX - COLUMN_PX;
  if (top < grid.scrollTop || top > grid.scrollTop + height) {
    grid.scrollTop = top < grid.scrollTop ? top : top - height;
  }
  if (left < grid.scrollLeft || left > grid.scrollLeft + room) {
    grid.scrollLeft = left < grid.scrollLeft ? left : left - room;
  }
  showSelection();
}

function edit(text) {
  drawSight();
  const element = cell(anchor.row, anchor.column);
  field = document.createElement('input');
  field.value = text;
  element.replaceChildren(field);
  field.focus();
}

function endEditing(isKept) {
  const value = isKept ? read(field.value) : values[anchor.row][anchor.column];
  field = null;
  grid.focus({ preventScroll: true });
  write(anchor.row, anchor.column, value);
}

function fillDown() {
  const { top, bottom, left, right } = area();
  for (let row = top + 1; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      write(row, column, values[top][column]);
    }
  }
  showSelection();
}

/** What a spreadsheet puts on the clipboard; a quoted value may hold breaks. */
function parse(text) {
  const block = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n\r]*))(\t|\r?\n|$)/g)) {
    block.at(-1).push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '') {
      break;
    }
    if (end !== '\t') {
      block.push([]);
    }
  }
  return block.filter((row) => row.length > 1 || row[0]);
}

const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

grid.addEventListener('keydown', (event) => {
  const isCtrl = event.ctrlKey || event.metaKey;
  if (field) {
    if (event.key === 'Enter' || event.key === 'Escape') {
      endEditing(event.key === 'Enter');
      go(anchor.row + (event.key === 'Enter' ? 1 : 0), anchor.column);
    }
    return;
  }
  if (event.key in MOVES) {
    const far = isCtrl ? 10_000 : 1;
    const [down, right] = MOVES[event.key];
    go(head.row + down * far, head.column + right * far, event.shiftKey);
  } else if (isCtrl && event.key === 'd') {
    fillDown();
  } else if (event.key === 'Enter') {
    go(head.row + 1, head.column);
  } else if (event.key === 'F2') {
    edit(show(values[anchor.row][anchor.column]));
  } else if (event.key.length === 1 && !isCtrl) {
    edit(event.key);
  } else {
    return;
  }
  event.preventDefault();
});

grid.addEventListener('paste', (event) => {
  if (field) {
    return;
  }
  event.preventDefault();
  const { top, left } = area();
  const block = parse(event.clipboardData.getData('text/plain')).slice(0, size.rows - top);
  const columns = Math.min(Math.max(...block.map((row) => row.length)), size.columns - left);
  block.forEach((row, down) =>
    row.slice(0, columns).forEach((text, right) => write(top + down, left + right, read(text))),
  );
  Object.assign(anchor, { row: top, column: left });
  Object.assign(head, { row: top + block.length - 1, column: left + columns - 1 });
  showSelection();
});

grid.addEventListener('mousedown', (event) => {
  if (event.target.closest('input') || !event.target.closest('.rows')) {
    return;
  }
  event.preventDefault();
  if (field) {
    endEditing(true);
  }
  const bounds = rows.getBoundingClientRect();
  grid.focus({ preventScroll: true });
  const column = Math.floor((event.clientX - bounds.left) / COLUMN_PX);
  go(Math.floor((event.clientY - bounds.top) / ROW_PX), column, event.shiftKey);
});

grid.addEventListener('scroll', () => {
  if (field && !cell(anchor.row, anchor.column)) {
    endEditing(true);
  }
  drawSight();
});

drawSight();
showSelection();
ready(elements(cell));
