// @ts-check
/** The words for what has changed about a signal. */
import { timeOfDay } from './clock-text.js';
import { formatMoney, formatPercent, formatPrice, formatQuantity } from './format.js';

/** @typedef {{ field: string, was: string | null, is: string | null }} Difference */

/** @type {Record<string, { label: string, format: (value: string) => string }>} */
const FIELDS = {
  side: { label: 'Side', format: (value) => value },
  entry_price: { label: 'Entry', format: formatPrice },
  stop_loss: { label: 'Stop', format: formatPrice },
  target_price: { label: 'Target', format: formatPrice },
  quantity: { label: 'Quantity', format: formatQuantity },
  risk_amount: { label: 'Risk', format: formatMoney },
  risk_percentage: { label: 'Risk', format: formatPercent },
  expires_at: { label: 'Expires', format: timeOfDay },
  price: { label: 'Price (entry → now)', format: formatPrice },
};

/** The fact of a card that shows the field.
 * @type {Record<string, string>} */
export const FACT_OF_FIELD = {
  entry_price: 'entry', stop_loss: 'stop', target_price: 'target', quantity: 'quantity', risk_amount: 'risk',
};

/** @param {Difference} difference @returns {{ label: string, was: string, is: string }} */
export function describeDifference({ field, was, is }) {
  const { label, format } = FIELDS[field] ?? { label: field.replaceAll('_', ' '), format: String };
  return { label, was: was === null ? 'none' : format(was), is: is === null ? 'none' : format(is) };
}
