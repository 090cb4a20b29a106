// @ts-check
// The answer to what approving would do, checked like messages are (SEC-07).

import { anything, decimal, flag, listOf, object, orNull, text, time, uuid } from './checks.js';

/** @typedef {import('../core/types.js').Preview} Preview */

const use = object({ before: decimal, after: decimal, crosses: listOf(decimal) });
const preview = object({
  signal_id: uuid, terms: text, risk_amount: orNull(decimal), risk_percentage: orNull(decimal), heat: orNull(use),
  campaign_id: orNull(text), campaign: orNull(use), sessions: listOf(object({ session_id: text, loss_limit: use })),
  drift: orNull(object({ price: decimal, at: time, fresh: flag, drift_r: decimal, drift_r_max: orNull(decimal), too_far: flag })),
});
const page = object({ previews: listOf(anything) });

/** One that cannot be read is left out.
 * @param {unknown} value @returns {Preview[]|null} */
export function readPreviews(value) {
  if (page(value, '') !== null) return null;
  return /** @type {any} */ (value).previews.filter((/** @type {unknown} */ item) => preview(item, '') === null);
}
