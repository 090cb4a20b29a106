// @ts-check
/** What a decided signal would have made by its own plan, in words (APR-19). */
import { parseDecimal } from '../core/decimal.js';
import { formatRMultiple } from './format.js';

/** @typedef {import('../core/types.js').PaperResult} PaperResult */

/** @param {string | null} r @returns {string} `+3.33 R`, `−1.00 R`, `0.00 R` */
export function signedR(r) {
  const text = formatRMultiple(r).replace(/R$/, ' R');
  const decimal = parseDecimal(r);
  return decimal && decimal.units > 0n ? `+${text}` : text;
}

/** @param {string | null} r @returns {string} `made +3.33 R`, `lost 1.00 R` */
export function outcomeOfR(r) {
  return toneOfR(r) === 'bad' ? `lost ${sizeOfR(r)}` : `made ${signedR(r)}`;
}

/** @param {string | null} r @returns {string} `1.00 R`, whichever way */
export const sizeOfR = (r) => signedR(r === null ? null : r.replace(/^-/, '')).replace('+', '');

/** @param {string | null} r @returns {'good' | 'bad' | 'quiet'} */
export function toneOfR(r) {
  const decimal = parseDecimal(r);
  if (!decimal || decimal.units === 0n) return 'quiet';
  return decimal.units > 0n ? 'good' : 'bad';
}

/** @param {number} ms @returns {string} `40 s`, `14 min`, `2 h 05 min`, `24 h` */
export function spanText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${String(rest).padStart(2, '0')} min`;
}

/**
 * @param {PaperResult | null | undefined} result
 * @returns {{ tone: 'good' | 'bad' | 'quiet', title: string, detail: string } | null}
 */
export function paperWords(result) {
  if (!result) return null;
  const { ending, r } = result;
  const after = spanText(Date.parse(result.ended_at) - Date.parse(result.started_at));
  const unwatched = result.unwatched_seconds > 0
    ? `Prices were not watched for ${spanText(result.unwatched_seconds * 1000)} of it.` : '';
  const trade = result.entry_price === null ? '' : `${result.side} at ${result.entry_price}, out at ${result.exit_price}.`;
  const detail = [trade, unwatched].filter(Boolean).join(' ');
  const tone = toneOfR(r);
  switch (ending) {
    case 'target': return { tone, title: `Would have ${outcomeOfR(r)}: target after ${after}`, detail };
    case 'stop': return { tone, title: `Would have ${outcomeOfR(r)}: stop after ${after}`, detail };
    case 'time': return { tone, title: `Would have stood at ${signedR(r)} after ${after}`, detail };
    case 'not_filled': return { tone, title: `Would not have been filled within ${after}`, detail };
    case 'no_prices': return { tone, title: `No price was seen within ${after}: what it would have made is not known`, detail };
    default: return { tone, title: r === null ? 'Followed on paper' : `Would have ${outcomeOfR(r)}`, detail };
  }
}
