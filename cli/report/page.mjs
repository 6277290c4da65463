// SPDX-License-Identifier: Apache-2.0
/*
Draws the plots of an audit's page. Each figure holds its numbers as JSON (type application/json, which no browser
runs), and a box with a name and a description for screen readers. Expressions are interpreted, never compiled: the
page's Content-Security-Policy allows this script by its digest and nothing else.
*/
import { transforms } from 'vega-dataflow';
import { axisticks, datajoin, encode, scale, sortitems } from 'vega-encode';
import { expressionInterpreter } from 'vega-interpreter';
import { parse } from 'vega-parser';
import { aggregate, collect, extent, filter, formula, multiextent, multivalues, proxy, sieve, values } from 'vega-transforms';
import { View } from 'vega-view';
import { bound, mark, overlap, render, viewlayout } from 'vega-view-transforms';
import specs from 'compiled-specs';
import { parametersOf, rowsOf } from './data.mjs';

Object.assign(transforms, {
  aggregate, axisticks, bound, collect, datajoin, encode, extent, filter, formula, mark, multiextent,
  multivalues, overlap, proxy, render, scale, sieve, sortitems, values, viewlayout,
});

function draw(figure) {
  const data = JSON.parse(figure.querySelector('script').textContent);
  const box = figure.querySelector('.plot');
  const view = new View(parse(specs[data.kind], { events: { bind: 'none' } }, { ast: true }), { expr: expressionInterpreter, renderer: 'svg' });
  for (const [name, value] of Object.entries(parametersOf(data))) view.signal(name, value);
  if (data.height) view.height(data.height);
  for (const [name, rows] of Object.entries(rowsOf(data.kind, data))) view.data(name, rows);
  const words = box.textContent;
  box.textContent = '';
  try {
    view.initialize(box).run();
  } catch (error) {
    box.textContent = words;
    throw error;
  }
  // Vega names its box a document; the figure's own name and description say what it is.
  box.setAttribute('role', 'img');
  box.removeAttribute('aria-roledescription');
  box.removeAttribute('aria-label');
}

for (const figure of document.querySelectorAll('figure[data-plot]')) {
  try {
    draw(figure);
  } catch (error) {
    console.error(figure.id, error);
  }
}
