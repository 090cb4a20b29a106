// @ts-check
/** What approving would do to the limits, in a line each: `Heat 62% → 71%, crosses 70%`. */
import { trimDecimal } from '../core/decimal.js';
import { formatPercent } from './format.js';

/** @typedef {import('../core/types.js').Preview} Preview */
/** @typedef {import('../core/types.js').LimitUse} LimitUse */
/** @typedef {{ text: string, crosses: boolean }} PreviewLine */

/** @param {Preview | null} preview @returns {PreviewLine[]} */
export function previewLines(preview) {
  if (!preview) return [];
  const uses = /** @type {[string, LimitUse | null][]} */ ([
    ['Heat', preview.heat], [`Campaign ${preview.campaign_id}`, preview.campaign],
    ...preview.sessions.map(({ session_id: id, loss_limit: use }) => [`Loss limit ${id}, if stopped`, use]),
  ]);
  return uses.flatMap(([name, use]) => (use ? [lineOf(name, use)] : []));
}

/** @param {string} name @param {LimitUse} use @returns {PreviewLine} */
function lineOf(name, { before, after, crosses }) {
  const change = `${name} ${percent(before)} → ${percent(after)}`;
  if (crosses.length === 0) return { text: change, crosses: false };
  return { text: `${change}, crosses ${crosses.map(percent).join(' and ')}`, crosses: true };
}

/** @param {string} value */
const percent = (value) => formatPercent(trimDecimal(value));
