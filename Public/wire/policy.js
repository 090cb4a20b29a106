// @ts-check
// The answer of GET /api/v1/policy, checked like messages are (SEC-07).

import { count, flag, listOf, object, orNull, text, uuid } from './checks.js';

/** @typedef {import('../core/types.js').Verdict} Verdict */

const verdict = object({
  signal_id: uuid, version: count, rules: listOf(object({ name: text, because: listOf(text) })), needed: count, given: listOf(text), missing: text,
  approve: object({ allowed: flag, reason: orNull(text), needs_note: flag }),
  reject: object({ allowed: flag, reason: orNull(text), veto: flag, reasons: orNull(listOf(text)) }),
});
const page = object({ policy: orNull(object({ version: text, hash: text })), signals: listOf(verdict) });

/** @param {unknown} value @returns {{ok: true, version: string|null, verdicts: Verdict[]}|{ok: false, reason: string}} */
export function readPolicy(value) {
  const fault = page(value, '');
  if (fault !== null) return { ok: false, reason: fault };
  const { policy, signals } = /** @type {any} */ (value);
  return { ok: true, version: policy?.version ?? null, verdicts: signals };
}
