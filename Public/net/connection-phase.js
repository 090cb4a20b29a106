// @ts-check
// How the connection machine stands: what may be asked of it, and what the page shows of it.

import { isLive } from './catch-up.js';

/** @typedef {import('./connection-types.js').Machine} Machine */

/**
 * A connection over which the server has been heard.
 * @param {Machine} machine
 */
export const isOpen = ({ phase, catchUp }) => phase === 'open' && catchUp.stage !== 'greeting';

/**
 * What the page shows of it.
 * @param {Machine} machine
 * @returns {import('../core/types.js').ConnectionPatch}
 */
export function describeMachine(machine) {
  const { catchUp } = machine;
  return {
    status: statusOf(machine),
    transport: machine.policy.transport,
    connectionId: catchUp.connectionId,
    lastSequenceNumber: catchUp.lastSequence,
    lastMessageAt: machine.heartbeat.heardAt,
    attempt: hasCaughtUp(machine) ? 0 : machine.attempt,
    attemptsMax: machine.attemptsMax,
    retryAt: machine.retryAt,
    error: machine.error,
    invalidMessages: catchUp.unreadable,
  };
}

/** @param {Machine} machine @returns {import('../core/types.js').ConnectionStatus} */
function statusOf(machine) {
  const { phase, exhausted, attempt, catchUp } = machine;
  if (hasCaughtUp(machine)) return 'live';
  if (isOpen(machine)) return catchUp.everLive ? 'catching-up' : 'connecting';
  if (phase === 'idle' || phase === 'refused' || exhausted) return 'disconnected';
  if (attempt > 0) return 'reconnecting';
  return catchUp.stale === null ? 'connecting' : 'catching-up';
}

/** @param {Machine} machine */
export const hasCaughtUp = ({ phase, catchUp }) => phase === 'open' && isLive(catchUp);
/** @param {Machine} machine */
export const hasMain = ({ phase }) => phase === 'open' || phase === 'checking';
/** @param {Machine} machine */
export const isLoading = ({ phase, catchUp }) => phase === 'loading' || (phase === 'open' && catchUp.stage === 'reloading');
