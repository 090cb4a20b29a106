// @ts-check
/** The words of the emergency stop. */
import { timeOfDay } from './clock-text.js';

/**
 * @typedef {import('../core/types.js').DeskView} DeskView
 * @typedef {{ title: string, who: string, reason: string, acknowledged: string, missing: string, resume: string,
 *   canSignOff: boolean, canKeep: boolean }} StopWords
 */

/**
 * @param {DeskView} desk @param {{ name: string | null, role: string }} me
 * @returns {StopWords | null} null while the desk runs
 */
export function stopWords({ stopped, stop, stopping, acknowledgements }, me) {
  if (!stopped || !stop) {
    if (stopping === null) return null;
    return { title: 'Stopping the desk…', who: 'Waiting for its answer. Nothing can be approved here.', reason: '', acknowledged: '', missing: '', resume: '', canSignOff: false, canKeep: false };
  }
  const { people, role, signed_off: signedOff } = stop.resume;
  const whom = role === 'risk' ? 'risk officers' : 'people';
  const names = signedOff.map(({ by }) => by);
  const mine = names.some((name) => isMe(name, me));
  return {
    title: 'The desk is stopped',
    who: `by ${stop.stopped_by} at ${timeOfDay(stop.stopped_at)}. Nothing is approved, nothing leaves, no time runs.`,
    reason: stop.reason ?? '',
    acknowledged: acknowledgedText(acknowledgements),
    missing: missingText(acknowledgements),
    resume: names.length === 0 ? `Resuming takes ${people} ${whom}.` : `Resuming: ${names.length} of ${people}, by ${names.join(', ')}${mine ? '. Somebody else has to agree.' : '.'}`,
    canSignOff: !mine && (role !== 'risk' || me.role === 'risk'),
    canKeep: names.length > 0,
  };
}

/** @param {DeskView['acknowledgements']} acknowledgements @returns {string} `Acknowledged 5/6` */
export function acknowledgedText(acknowledgements) {
  return acknowledgements ? `Acknowledged ${acknowledgements.acknowledged}/${acknowledgements.tabs}` : '';
}

/** @param {DeskView['acknowledgements']} acknowledgements @returns {string} whose tabs have not */
function missingText(acknowledgements) {
  if (!acknowledgements || acknowledgements.waiting.length === 0) return '';
  return `Not yet: ${acknowledgements.waiting.map(({ user, tabs, connected }) =>
    `${user}${tabs > 1 ? ` (${tabs} tabs)` : ''}${connected ? '' : ', gone'}`).join('; ')}`;
}

/** @param {string} name @param {{ name: string | null }} me */
const isMe = (name, me) => me.name !== null && name.toLowerCase() === me.name.toLowerCase();
