// @ts-check
/** The icons, as strokes on a 24-unit grid. Always `aria-hidden`: the text beside an icon says what it means. */

const SVG = 'http://www.w3.org/2000/svg';

/** @type {Record<string, string[]>} */
const STROKES = {
  check: ['M5 12.5l4.5 4.5L19 7'],
  cross: ['M6 6l12 12', 'M18 6L6 18'],
  minus: ['M6 12h12'],
  spinner: ['M12 3a9 9 0 1 1-9 9'],
  clock: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M12 7.5V12l3 2'],
  warning: ['M12 4L2.8 20h18.4z', 'M12 10v4.5', 'M12 17.2v.1'],
  info: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M12 11v5.5', 'M12 7.6v.1'],
  bell: ['M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 1.5h-15z', 'M10 21h4'],
  user: ['M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z', 'M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5'],
  people: ['M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z', 'M2.5 20c.8-3.6 3.3-5 6.5-5s5.7 1.4 6.5 5', 'M15.5 5.3a3.3 3.3 0 0 1 0 6.4', 'M17.5 15.2c2.2.5 3.5 2 4 4.8'],
  up: ['M12 19V5', 'M6 11l6-6 6 6'],
  down: ['M12 5v14', 'M6 13l6 6 6-6'],
  same: ['M5 12h14'],
  bolt: ['M13 3L5 13.5h6L10 21l9-11h-6.5z'],
  note: ['M5 19l1-4L16.5 4.5l3 3L9 18z', 'M14.5 6.5l3 3'],
  search: ['M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z', 'M16 16l4.5 4.5'],
  back: ['M11 5l-7 7 7 7', 'M4 12h16'],
  chevron: ['M6 9.5l6 6 6-6'],
  stop: ['M8 3h8l5 5v8l-5 5H8l-5-5V8z', 'M9 9h6v6H9z'],
  pause: ['M9 6v12', 'M15 6v12'],
  play: ['M8 5l11 7-11 7z'],
  keyboard: ['M3 6.5h18v11H3z', 'M6.5 10h.1', 'M10 10h.1', 'M13.5 10h.1', 'M17 10h.1', 'M8 14h8'],
};

/** @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  svg.setAttribute('class', 'icon');
  drawIcon(svg, name);
  return svg;
}

/** Turns an icon into another one; does nothing when it is that one already.
 * @param {SVGSVGElement} svg @param {string} name */
export function drawIcon(svg, name) {
  if (svg.dataset.icon === name) return;
  svg.dataset.icon = name;
  svg.replaceChildren(...(STROKES[name] ?? STROKES.minus).map((d) => {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    return path;
  }));
}
