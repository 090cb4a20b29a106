// @ts-check
// The answers of REST about the desk's standing and about sessions, checked like messages are (SEC-07).

import { all, object, time } from './checks.js';
import { session, standing } from './shapes.js';
import { toSession } from './to-action.js';

const datedSession = all(object({ timestamp: time }), session);

/** @param {unknown} value @returns {import('../core/types.js').DeskStanding|null} null when it cannot be read */
export function readStanding(value) {
  if (standing(value, '') !== null) return null;
  const { stopped, stop, acknowledgements } = /** @type {any} */ (value);
  return { stopped, stop, acknowledgements };
}

/** @param {unknown} value @returns {import('../core/types.js').Session|null} null when it cannot be read */
export const readSession = (value) => (datedSession(value, '') === null ? toSession(/** @type {any} */ (value)) : null);
