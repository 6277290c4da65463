// SPDX-License-Identifier: Apache-2.0
/*
The Vega-Lite specifications of the page's kinds of plots. Data come by name from the page (data.mjs); titles of axes and
ends of scales are parameters, because one kind serves several plots. Colours are the page's custom properties, so that
light, dark and paper need no second drawing.
*/

const font = 'system-ui, sans-serif';

const config = {
  background: null,
  aria: false, // the page names each figure and describes it; its numbers are in a table
  font,
  view: { stroke: null },
  axis: {
    grid: true,
    gridColor: 'var(--rule)',
    gridOpacity: 0.6,
    domainColor: 'var(--faint)',
    tickColor: 'var(--faint)',
    labelColor: 'var(--ink)',
    titleColor: 'var(--ink)',
    titleFontWeight: 'normal',
    labelFont: font,
    titleFont: font,
    labelFontSize: 11,
    titleFontSize: 12,
  },
};

const frame = {
  width: 'container',
  height: 220,
  autosize: { type: 'fit-x', contains: 'padding' },
  padding: 4,
  params: [
    { name: 'across', value: '' }, // titles of the axes
    { name: 'up', value: '' },
    { name: 'left', value: null }, // ends of the horizontal scale; null: as the data are
    { name: 'right', value: null },
  ],
  config,
};

const across = {
  type: 'quantitative',
  scale: { nice: false, zero: false, domainMin: { expr: 'left' }, domainMax: { expr: 'right' } },
  axis: { title: { signal: 'across' }, grid: false },
};

/** The layers that plots over two numbers are made of; the vertical scale holds 0 where bars stand on it. */
function layers({ zero }) {
  const up = { type: 'quantitative', scale: { zero }, axis: { title: { signal: 'up' } } };
  const dashed = { type: 'rule', strokeDash: [5, 4], color: 'var(--ink)', strokeWidth: 1.2 };
  const x = { field: 'x', ...across };
  const [x2, y2] = [{ field: 'x2' }, { field: 'y2' }];
  const y = { field: 'y', ...up };
  const tooltip = { field: 'said' };
  return {
    /** What a perfect source keeps to: rectangles from x to x2, from low to high. */
    band: {
      name: 'band',
      data: { name: 'band' },
      mark: { type: 'rect', color: 'var(--band)' },
      encoding: { x, x2, y: { field: 'low', ...up }, y2: { field: 'high' } },
    },
    /** Dashed, from side to side. */
    level: { name: 'level', data: { name: 'level' }, mark: dashed, encoding: { y } },
    /** Dashed, from one point to another. */
    line: { name: 'line', data: { name: 'line' }, mark: dashed, encoding: { x, x2, y, y2 } },
    points: {
      name: 'points',
      data: { name: 'points' },
      mark: { type: 'point', filled: true, size: 9, opacity: 1, color: 'var(--mark)' },
      encoding: { x, y, tooltip },
    },
    bars: {
      name: 'bars',
      data: { name: 'bars' },
      mark: { type: 'rect', color: 'var(--mark)' },
      encoding: { x, x2, y, y2: { datum: 0 }, tooltip },
    },
    /** What a model says of each bar: a stroke as wide as the bar. */
    expected: {
      name: 'expected',
      data: { name: 'expected' },
      mark: { type: 'rule', color: 'var(--notice)', strokeWidth: 2 },
      encoding: { x, x2, y },
    },
  };
}

const flat = layers({ zero: false });
const standing = layers({ zero: true });

/** Named bars from the left, in the order of the data; those that bind are marked. */
const named = {
  ...frame,
  layer: [
    {
      name: 'bars',
      data: { name: 'bars' },
      mark: { type: 'bar', height: { band: 0.72 } },
      encoding: {
        y: { field: 'name', type: 'nominal', sort: null, axis: { title: null, labelLimit: 220, ticks: false, domain: false } },
        x: { field: 'x', type: 'quantitative', stack: null, scale: { zero: true }, axis: { title: { signal: 'across' } } },
        color: {
          field: 'group',
          type: 'nominal',
          sort: null,
          scale: { range: ['var(--mark)', 'var(--second)'] },
          legend: null, // the names say it
        },
        opacity: { condition: { test: 'datum.binds', value: 1 }, value: 0.6 },
        tooltip: { field: 'said' },
      },
    },
    {
      name: 'numbers',
      data: { name: 'bars' },
      mark: { type: 'text', align: 'left', dx: 4, fontSize: 11, color: 'var(--ink)' },
      encoding: {
        y: { field: 'name', type: 'nominal', sort: null },
        x: { field: 'x', type: 'quantitative' },
        text: { field: 'label', type: 'nominal' },
      },
    },
    {
      name: 'level',
      data: { name: 'level' },
      mark: { type: 'rule', strokeDash: [5, 4], color: 'var(--notice)', strokeWidth: 1.5 },
      encoding: { x: { field: 'x', type: 'quantitative' } },
    },
  ],
};

/** Squares of a grid, the first row on top: the more, the stronger. */
const squares = {
  ...frame,
  width: 512, // the page scales it as a picture: there is no text in it
  height: 512,
  autosize: 'none',
  padding: 0,
  params: [...frame.params, { name: 'rows', value: 1 }],
  encoding: {
    x: { field: 'x', type: 'quantitative', scale: { nice: false, zero: false, domainMin: { expr: 'left' }, domainMax: { expr: 'right' } }, axis: null },
    x2: { field: 'x2' },
    y: { field: 'y', type: 'quantitative', scale: { nice: false, zero: true, reverse: true, domainMin: 0, domainMax: { expr: 'rows' } }, axis: null },
    y2: { field: 'y2' },
    opacity: { field: 'shade', type: 'quantitative', scale: { domain: [0, 1], range: [0, 1] }, legend: null },
  },
  layer: [{ name: 'squares', data: { name: 'squares' }, mark: { type: 'rect', color: 'var(--ink)', strokeWidth: 0 } }],
};

/** A strip for each health test over the samples it looked at, its name above; its edges are the test's limits. */
const strips = { type: 'quantitative', scale: { nice: false, zero: true, reverse: true, domainMax: { expr: 'rows' } }, axis: null };
const counted = { ...across, axis: { ...across.axis, format: '~s' } };
const history = {
  ...frame,
  params: [...frame.params, { name: 'rows', value: 1 }],
  layer: [
    {
      name: 'band',
      data: { name: 'strips' },
      mark: { type: 'rect', color: 'var(--band)' },
      encoding: { x: { field: 'x', ...counted }, x2: { field: 'x2' }, y: { field: 'y', ...strips }, y2: { field: 'y2' } },
    },
    {
      name: 'names',
      data: { name: 'strips' },
      mark: { type: 'text', align: 'left', baseline: 'bottom', dy: -2, fontSize: 11, color: 'var(--ink)' },
      encoding: { x: { field: 'x', ...counted }, y: { field: 'y', ...strips }, text: { field: 'test', type: 'nominal' } },
    },
    {
      name: 'points',
      data: { name: 'points' },
      mark: { type: 'point', filled: true, size: 9, opacity: 1, color: 'var(--mark)' },
      encoding: { x: { field: 'x', ...counted }, y: { field: 'y', ...strips }, tooltip: { field: 'said' } },
    },
    {
      name: 'alarms',
      data: { name: 'alarms' },
      mark: { type: 'point', shape: 'triangle-down', filled: true, size: 110, opacity: 1, color: 'var(--bad)' },
      encoding: { x: { field: 'x', ...counted }, y: { field: 'y', ...strips }, tooltip: { field: 'said' } },
    },
  ],
};

export const specs = {
  bars: { ...frame, layer: [standing.band, standing.bars, standing.level, standing.expected] },
  points: { ...frame, layer: [flat.band, flat.level, flat.line, flat.points] },
  named,
  squares,
  history,
};
