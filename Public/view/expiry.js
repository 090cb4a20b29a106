// @ts-check
/** What a signal's time limit looks like at a moment. The server alone expires a signal; this only tells of it. */
import { countdownText, toMs } from './clock-text.js';

/** The last stretch is emphasised: a trader decides now or not at all. */
export const URGENT_MS = 60_000;
/** More time is offered when there is little left. */
export const EXTENSION_OFFERED_MS = 180_000;

/**
 * @param {string | null} expiresAt @param {number} nowMs @param {boolean} [paused] the desk is stopped, and `nowMs` when that was
 * @returns {{ tone: 'none' | 'calm' | 'urgent' | 'over' | 'paused', text: string, label: string }}
 */
export function describeExpiry(expiresAt, nowMs, paused = false) {
  const at = toMs(expiresAt);
  if (at === null) return { tone: 'none', text: 'No limit', label: 'No time limit' };
  const left = at - nowMs;
  if (left <= 0) return { tone: 'over', text: 'Time up', label: 'The time limit has passed' };
  const text = countdownText(left);
  if (paused) return { tone: 'paused', text: `${text} paused`, label: `${text} are left when the desk goes on` };
  return { tone: left <= URGENT_MS ? 'urgent' : 'calm', text, label: `Expires in ${text}` };
}
