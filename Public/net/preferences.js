// @ts-check
// The trader's preferences, kept in this browser (TST-09).

import { readStored, writeStored } from './browser-storage.js';

/** @typedef {import('../core/types.js').Preferences} Preferences */

export const preferencesKey = 'countersign.preferences';

/** @type {Preferences} */
const defaults = { toasts: true, sounds: true, theme: 'system' };

/**
 * What was stored, field by field; anything odd reads as the default.
 * @param {() => Storage} storage @returns {Preferences}
 */
export function loadPreferences(storage) {
  const stored = parsed(readStored(storage, preferencesKey));
  return {
    toasts: typeof stored.toasts === 'boolean' ? stored.toasts : defaults.toasts,
    sounds: typeof stored.sounds === 'boolean' ? stored.sounds : defaults.sounds,
    theme: ['system', 'light', 'dark'].includes(stored.theme) ? stored.theme : defaults.theme,
  };
}

/** @param {() => Storage} storage @param {Preferences} preferences @returns {boolean} false when they could not be kept */
export const savePreferences = (storage, preferences) => writeStored(storage, preferencesKey, JSON.stringify(preferences));

/** @param {string|null} text @returns {Record<string, any>} */
function parsed(text) {
  try {
    const value = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
