// @ts-check
// Whom a signal is for (CON-18): once approved, its plan goes to them alone. Deciding is anybody's.

/**
 * @param {{recipients?: string[]|null}} signal @param {Pick<import('./types.js').User, 'name'|'named'>} me
 * @returns {boolean} false also when it is for the whole desk
 */
export const isForMe = ({ recipients }, { name, named }) => named && name !== null && (recipients ?? []).includes(name);
