// @ts-check
// The small checks that the messages' shapes are made of. A check says what is wrong, or null.

/** @typedef {(value: unknown, path: string) => string|null} Check */

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const decimalPattern = /^-?\d{1,20}(\.\d{1,12})?$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const symbolPattern = /^[A-Z0-9.\-_/:^=]{1,32}$/;

/** @param {(value: any) => boolean} holds @param {string} expected @returns {Check} */
export const rule = (holds, expected) => (value, path) => (holds(value) ? null : `${path} is not ${expected}`);

export const text = rule((value) => typeof value === 'string', 'text');
/** Whatever it is: checked elsewhere, or of no use here. */
export const anything = rule(() => true, '');
export const flag = rule((value) => typeof value === 'boolean', 'true or false');
/** A score: a JSON number. */
export const score = rule((value) => typeof value === 'number' && Number.isFinite(value), 'a number');
export const count = rule((value) => Number.isSafeInteger(value) && value >= 0, 'a whole number from 0');
/** Money and its like: a string, and it stays one (ENV-07). */
export const decimal = rule((value) => typeof value === 'string' && decimalPattern.test(value), 'a decimal string');
/** The one form of time that the server writes (ENV-06), and a time that exists. */
export const time = rule((value) => typeof value === 'string' && timePattern.test(value) && !Number.isNaN(Date.parse(value)), 'a UTC time with milliseconds');
export const uuid = rule((value) => typeof value === 'string' && uuidPattern.test(value), 'a UUID');
export const symbol = rule((value) => typeof value === 'string' && symbolPattern.test(value), 'a symbol');

/** @param {readonly unknown[]} values @returns {Check} */
export const oneOf = (...values) => rule((value) => values.includes(value), `one of ${values.join(', ')}`);

/** @param {Check} check @returns {Check} */
export const orNull = (check) => (value, path) => (value === null ? null : check(value, path));

/**
 * May be missing altogether.
 * @param {Check} check @returns {Check}
 */
export const optional = (check) => (value, path) => (value === undefined ? null : check(value, path));

/** @param {Check} check @returns {Check} */
export const listOf = (check) => (value, path) => {
  if (!Array.isArray(value)) return `${path} is not a list`;
  return firstFault(value.map((item, index) => () => check(item, `${path}/${index}`)));
};

/**
 * Has at least these fields; more are nobody's business here.
 * @param {Record<string, Check>} fields @returns {Check}
 */
export const object = (fields) => {
  const entries = Object.entries(fields);
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path || 'message'} is not an object`;
    const holder = /** @type {Record<string, unknown>} */ (value);
    return firstFault(entries.map(([name, check]) => () => check(Object.hasOwn(holder, name) ? holder[name] : undefined, `${path}/${name}`)));
  };
};

/**
 * All of them on the same value.
 * @param {Check[]} checks @returns {Check}
 */
export const all = (...checks) => (value, path) => firstFault(checks.map((check) => () => check(value, path)));

/** @param {(() => string|null)[]} attempts */
function firstFault(attempts) {
  for (const attempt of attempts) {
    const fault = attempt();
    if (fault !== null) return fault;
  }
  return null;
}
