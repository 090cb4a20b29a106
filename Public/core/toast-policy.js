// @ts-check
// Which toasts are shown, how many, and for how long (TST-01, TST-08, C16). What they say is in announcements.js.

/**
 * @typedef {import('./types.js').Toasts} Toasts
 * @typedef {import('./types.js').Severity} Severity
 */

export const toastDurationMs = 5_000;
export const toastWindowMs = 10_000;
export const toastsPerWindowMax = 3;
/** Warnings and errors are not throttled, so something else must bound what a burst of them can put on the screen. */
export const toastsShownMax = 8;

/**
 * Critical ones bypass preference and throttle and stay until dismissed.
 * @param {Severity} severity
 */
export const isSticky = (severity) => severity === 'critical';

/** @param {Severity} severity */
const isThrottled = (severity) => severity === 'info' || severity === 'success';

/**
 * Shows the toast, or counts it in "+7 more", or, when toasts are switched off, neither.
 * @param {Toasts} toasts
 * @param {{id: string, severity: Severity, text: string, signalId: string|null, at: number}} offer
 * @param {{enabled: boolean}} preference
 * @returns {Toasts}
 */
export function offerToast(toasts, offer, { enabled }) {
  const sticky = isSticky(offer.severity);
  if (!enabled && !sticky) return toasts;
  const current = expireToasts(toasts, offer.at);
  if (isThrottled(offer.severity) && current.recent.length >= toastsPerWindowMax) {
    return { ...current, collapsed: current.collapsed + 1 };
  }
  const toast = { ...offer, sticky, expiresAt: sticky ? null : offer.at + toastDurationMs };
  const recent = isThrottled(offer.severity) ? [...current.recent, offer.at] : current.recent;
  return bounded({ ...current, shown: [...current.shown, toast], recent });
}

/** Without the toasts whose time is up. "+7 more" goes when the window has passed and what it stood beside is gone.
 * @param {Toasts} toasts @param {number} now @returns {Toasts} */
export function expireToasts(toasts, now) {
  const shown = toasts.shown.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const recent = toasts.recent.filter((at) => at > now - toastWindowMs);
  const quiet = recent.length === 0 && shown.every(({ sticky }) => sticky);
  const collapsed = quiet ? 0 : toasts.collapsed;
  const same = shown.length === toasts.shown.length && recent.length === toasts.recent.length && collapsed === toasts.collapsed;
  return same ? toasts : { shown, recent, collapsed };
}

/** @param {Toasts} toasts @param {string} id @returns {Toasts} */
export function dismissToast(toasts, id) {
  const shown = toasts.shown.filter((toast) => toast.id !== id);
  return shown.length === toasts.shown.length ? toasts : { ...toasts, shown };
}

/**
 * The oldest that may go, goes into the count; critical ones stay.
 * @param {Toasts} toasts @returns {Toasts}
 */
function bounded(toasts) {
  if (toasts.shown.length <= toastsShownMax) return toasts;
  const index = toasts.shown.findIndex(({ sticky }) => !sticky);
  if (index < 0) return toasts;
  return { ...toasts, shown: toasts.shown.filter((_, at) => at !== index), collapsed: toasts.collapsed + 1 };
}
