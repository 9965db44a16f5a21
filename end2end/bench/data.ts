/** What stands in every grid, and what is written into it: the same for all of them. */

export interface Size {
  rows: number;
  columns: number;
}

/** One unit in hours, net generation and own use; seven units in quarters; a hundred units in quarters. */
export const SIZES: Size[] = [
  { rows: 24, columns: 2 },
  { rows: 96, columns: 7 },
  { rows: 96, columns: 100 },
];

/**
 * The power in megawatts that a cell holds after so many steps, 0 being the start. It keeps to the limits of the
 * portal's units, own use below net generation; it changes with every step up to the ninth, and differs from all
 * values near it.
 */
export function power({ columns }: Size, row: number, column: number, step = 0): number {
  const isOwnUse = columns === 2 && column === 1;
  const hundredths = isOwnUse ? 100 + row * 7 : 2_000 + (((row * 100 + column) * 7) % 2_900);
  return (hundredths * 10 + step) / 1_000;
}
