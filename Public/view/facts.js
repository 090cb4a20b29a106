// @ts-check
/** What a card and the signal page say in numbers: pairs of label and value, each with a second, smaller line. */
import { directionOf, formatMoney, formatPercent, formatPrice, formatQuantity, formatRMultiple, formatSignedPercent,
  NOTHING } from './format.js';
import { percentDistance } from '../core/decimal.js';
import { priceZone } from './ladder.js';

/** @typedef {{ key: string, label: string, value: string, detail: string, tone: 'good' | 'bad' | 'alert' | 'plain',
 *   direction: 'up' | 'down' | 'same' | null }} Fact */

/** @type {Record<string, string>} */
const ZONE_WORDS = {
  'past-stop': 'past stop', 'past-target': 'past target',
  risk: 'from entry', reward: 'from entry',
};

/**
 * @param {Record<string, any>} signal @param {{ price: string } | null} price
 * @param {boolean} [priceMoves] false when it is only the last one known
 * @returns {Fact[]} always the same keys in the same order, so that nodes can be reused
 */
export function signalFacts(signal, price, priceMoves = true) {
  const { entry_price: entry, stop_loss: stop, target_price: target } = signal;
  return [
    fact('price', priceMoves ? 'Price now' : 'Last price', formatPrice(price?.price ?? null), priceDetail(signal, price), priceTone(signal, price),
      price ? directionOf(percentDistance(entry, price.price)) : null),
    fact('entry', 'Entry', formatPrice(entry), ''),
    fact('stop', 'Stop', formatPrice(stop), fromEntry(entry, stop)),
    fact('target', 'Target', formatPrice(target), fromEntry(entry, target)),
    fact('reward', 'Reward', formatRMultiple(signal.r_multiple), ''),
    fact('risk', 'Risk', signal.risk_amount === null ? formatPercent(signal.risk_percentage) : formatMoney(signal.risk_amount),
      signal.risk_amount === null || signal.risk_percentage === null ? '' : formatPercent(signal.risk_percentage)),
    fact('quantity', 'Quantity', formatQuantity(signal.quantity), ''),
  ];
}

/**
 * @param {string} key @param {string} label @param {string} value @param {string} detail
 * @param {Fact['tone']} [tone] @param {Fact['direction']} [direction] @returns {Fact}
 */
function fact(key, label, value, detail, tone = 'plain', direction = null) {
  return { key, label, value, detail, tone, direction };
}

/** @param {string | null} entry @param {string | null} level */
function fromEntry(entry, level) {
  const distance = percentDistance(entry, level);
  return distance === null ? '' : formatSignedPercent(distance);
}

/** @param {Record<string, any>} signal @param {{ price: string } | null} price */
function priceDetail(signal, price) {
  const distance = price ? percentDistance(signal.entry_price, price.price) : null;
  if (distance === null) return '';
  const zone = priceZone(/** @type {any} */ (signal), price?.price ?? null);
  if (zone === 'at-entry') return 'at entry';
  const joint = zone === 'past-stop' || zone === 'past-target' ? ', ' : ' ';
  return `${formatSignedPercent(distance)}${joint}${zone ? ZONE_WORDS[zone] : 'from entry'}`;
}

/** @param {Record<string, any>} signal @param {{ price: string } | null} price @returns {Fact['tone']} */
function priceTone(signal, price) {
  const zone = priceZone(/** @type {any} */ (signal), price?.price ?? null);
  if (zone === 'past-stop') return 'alert';
  if (zone === 'risk') return 'bad';
  return zone === 'reward' || zone === 'past-target' ? 'good' : 'plain';
}

/** @param {Record<string, any>} signal @returns {string | null} APR-11, in one line */
export function recommendationText({ recommendation, unslug_score: unslug, fear_score: fear, combined_trust: trust }) {
  const parts = [
    recommendation?.suggested ? `Suggested ${recommendation.suggested}` : null,
    unslug ?? recommendation?.unslug ?? null, fear ?? recommendation?.fear ?? null, trust ?? null,
  ];
  const labels = ['', 'unslug ', 'fear ', 'trust '];
  const said = parts.map((part, at) => (part === null ? null : `${labels[at]}${part}`)).filter(Boolean);
  return said.length > 0 ? said.join(' · ') : null;
}

/** @param {Record<string, any>} signal @returns {string} `SPRING · Phase C · test confirmed` */
export function patternText({ pattern_type: pattern, phase, test_confirmed: confirmed }) {
  const parts = [pattern, phase ? `Phase ${phase}` : null, confirmed ? 'test confirmed' : null].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : NOTHING;
}
