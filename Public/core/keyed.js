// @ts-check
// Plain objects as maps. Keys come from outside, so `constructor` and `__proto__` must be ordinary ones.

/** @template T @param {Record<string, T>} map @param {string} key @returns {T|undefined} */
export const lookup = (map, key) => (Object.hasOwn(map, key) ? map[key] : undefined);

/** The same object when the value is there already.
 * @template T @param {Record<string, T>} map @param {string} key @param {T} value @returns {Record<string, T>} */
export const withKey = (map, key, value) => (lookup(map, key) === value && Object.hasOwn(map, key) ? map : { ...map, [key]: value });

/** @template T @param {Record<string, T>} map @param {string} key @returns {Record<string, T>} */
export function withoutKey(map, key) {
  if (!Object.hasOwn(map, key)) return map;
  const { [key]: _gone, ...rest } = map;
  return rest;
}

/**
 * A later one of the same key wins.
 * @template T @param {T[]} items @param {(item: T) => string} keyOf @returns {Record<string, T>}
 */
export const keyedBy = (items, keyOf) => Object.fromEntries(items.map((item) => [keyOf(item), item]));
