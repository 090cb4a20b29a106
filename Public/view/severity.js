// @ts-check
/** How serious a message is, in a word and an icon: colour never stands alone. */

/** @type {Record<string, { icon: string, word: string }>} */
const SEVERITIES = {
  info: { icon: 'info', word: 'Information' },
  success: { icon: 'check', word: 'Success' },
  warn: { icon: 'warning', word: 'Warning' },
  error: { icon: 'cross', word: 'Error' },
  critical: { icon: 'warning', word: 'Critical' },
};

/** @param {string} severity @returns {string} */
export function severityIcon(severity) {
  return (SEVERITIES[severity] ?? SEVERITIES.info).icon;
}

/** @param {string} severity @returns {string} */
export function severityWord(severity) {
  return (SEVERITIES[severity] ?? SEVERITIES.info).word;
}

/** @param {string} severity @returns {'polite' | 'assertive'} how it is spoken */
export function severityUrgency(severity) {
  return severity === 'critical' || severity === 'error' ? 'assertive' : 'polite';
}
