// @ts-check
/** Times and spans of time as text. `Intl` formatters are costly to make (about 50 µs each), so each is made once. */
import { timeOfDay as wallClock } from '../core/clock-text.js';
import { NOTHING } from './format.js';

/** @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  dayAndTime: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  moment: {
    day: 'numeric', month: 'short', year: 'numeric',
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
  },
};

/** @param {string | number | null | undefined} at RFC 3339 or ms @returns {string} `10:31:02` in the reader's zone */
export function timeOfDay(at) {
  const ms = toMs(at);
  return ms === null ? NOTHING : wallClock(ms);
}

/**
 * @param {string | number | null | undefined} at @param {number} nowMs
 * @returns {string} `10:31:02`, and with the day when that was another one: `22 Jan, 10:31:02`
 */
export function timeOfDayOrDay(at, nowMs) {
  const ms = toMs(at);
  const isToday = ms !== null && new Date(ms).toDateString() === new Date(nowMs).toDateString();
  return isToday ? timeOfDay(ms) : formatWith('dayAndTime', at);
}

/** @param {string | number | null | undefined} at @returns {string} `23 Jan 2026, 10:31:02 UTC` */
export function fullMoment(at) {
  return formatWith('moment', at);
}

/** @param {string | number | null | undefined} at @returns {number | null} ms */
export function toMs(at) {
  if (at === null || at === undefined) return null;
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return Number.isFinite(ms) ? ms : null;
}

/** @param {number} ms @returns {string} `now`, `12s ago`, `3m ago`, `2h ago`, `5d ago` */
export function ageText(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ago`;
  return `${Math.floor(seconds / 86_400)}d ago`;
}

/** @param {number} ms @returns {string} `0:09`, `4:32`, `1:02:03`, `2d 3h` */
export function countdownText(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}

/** @param {number} seconds @returns {string} `1h 05m` */
export function durationText(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}h ${String(minutes).padStart(2, '0')}m` : `${minutes}m`;
}

/** @param {string} style @param {string | number | null | undefined} at */
function formatWith(style, at) {
  const ms = toMs(at);
  if (ms === null) return NOTHING;
  let formatter = formatters.get(style);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', STYLES[style]);
    formatters.set(style, formatter);
  }
  return formatter.format(ms);
}
