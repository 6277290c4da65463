// SPDX-License-Identifier: Apache-2.0
/*
What the page's JSON says, as the rows and parameters that the specifications name. The page holds numbers once, as
short as they can be; here they become rows.
*/

const told = (value) => Number(value.toPrecision(6)).toString();

/** Left edges and heights in steps of one width: bars a little narrower than their step. */
function barsOf({ from, step, heights, said }) {
  return heights.map((y, k) => ({
    x: from + k * step,
    x2: from + (k + (heights.length > 64 ? 1 : 0.94)) * step,
    y,
    said: `${said ? said[k] : told(from + k * step)}: ${told(y)}`,
  }));
}

function expectedOf({ from, step, expected = [] }) {
  return expected.map((y, k) => ({ x: from + k * step, x2: from + (k + 1) * step, y }));
}

function bandsOf({ bands = [] }) {
  return bands.map(([x, x2, low, high]) => ({ x, x2, low, high }));
}

function levelsOf({ level }) {
  return level === undefined ? [] : [{ y: level }];
}

function pointsOf({ from, step, points, said }) {
  return points.map((y, k) => ({ x: from + k * step, y, said: `${said ? said[k] : told(from + k * step)}: ${told(y)}` }));
}

const bytesOf = (hex) => hex.match(/../g).map((digits) => parseInt(digits, 16));

/** Runs of ones in rows of bits. */
function runsOf(bytes, width) {
  const runs = [];
  const one = (at) => (bytes[at >> 3] >> (7 - (at & 7))) & 1;
  for (let at = 0; at < 8 * bytes.length; ) {
    const rowEnd = at - (at % width) + width;
    let end = at;
    while (end < rowEnd && one(end)) ++end;
    if (end > at) {
      const y = Math.floor(at / width);
      runs.push({ x: at % width, x2: (at % width) + end - at, y, y2: y + 1, shade: 1 });
    }
    at = Math.max(end, at + 1);
  }
  return runs;
}

/** A square a byte, in `shades` shades. */
function shadesOf(bytes, width, shades) {
  return bytes.map((byte, k) => {
    const [x, y] = [k % width, Math.floor(k / width)];
    return { x, x2: x + 1, y, y2: y + 1, shade: Math.floor((byte * shades) / 256) / (shades - 1) };
  });
}

const kinds = {
  bars: (data) => ({ bars: barsOf(data), band: bandsOf(data), level: levelsOf(data), expected: expectedOf(data) }),
  points: (data) => ({
    points: pointsOf(data),
    band: bandsOf(data),
    level: levelsOf(data),
    line: data.line ? [{ x: data.line[0], y: data.line[1], x2: data.line[2], y2: data.line[3] }] : [],
  }),
  named: (data) => ({
    bars: data.bars.map(([name, x, group, binds]) => ({ name, x, group, binds, label: told(x), said: `${name}: ${told(x)}` })),
    level: data.level === undefined ? [] : [{ x: data.level }],
  }),
  squares: (data) => ({
    squares: data.shades
      ? shadesOf(bytesOf(data.hex), data.right, data.shades)
      : runsOf(bytesOf(data.hex), data.right),
  }),
  history: (data) => ({
    strips: data.tests.map((test, k) => ({ test, x: 0, x2: data.right, y: k + 0.35, y2: k + 1 })),
    points: data.readings.map(([k, x, within, value]) => ({
      x,
      y: k + 1 - 0.65 * within,
      said: `${data.tests[k]} at ${x}: ${told(value)}`,
    })),
    alarms: data.alarms.map(([k, x, said]) => ({ x, y: k + 0.675, said })),
  }),
};

/** Rows by the name of their data set. */
export const rowsOf = (kind, data) => kinds[kind](data);

/** Values of the parameters that the page sets. */
export function parametersOf(data) {
  const parameters = {};
  for (const name of ['across', 'up', 'left', 'right', 'rows']) if (name in data) parameters[name] = data[name];
  return parameters;
}
