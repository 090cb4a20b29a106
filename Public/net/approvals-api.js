// @ts-check
// Deciding and asking about one signal over REST (APR-02, EP-13).

/**
 * @typedef {import('./rest.js').Rest} Rest
 * @typedef {import('./rest.js').Outcome} Outcome
 * @typedef {{
 *   approve(signalId: string, body: {status: string, note?: string, version?: number}, idempotencyKey: string): Promise<Outcome>,
 *   reject(signalId: string, body: {reason: string, note?: string, version?: number}, idempotencyKey: string): Promise<Outcome>,
 *   getSignal(signalId: string): Promise<Outcome>,
 *   getPolicy(): Promise<Outcome>,
 *   getReceipts(signalId: string): Promise<Outcome>,
 * }} ApprovalsApi
 */

/** @param {Rest} rest @returns {ApprovalsApi} */
export function createApprovalsApi(rest) {
  const path = (/** @type {string} */ signalId) => `/api/v1/signals/${encodeURIComponent(signalId)}`;
  return {
    approve: (signalId, body, idempotencyKey) => rest(`${path(signalId)}/approve`, { method: 'POST', body, idempotencyKey }),
    reject: (signalId, body, idempotencyKey) => rest(`${path(signalId)}/reject`, { method: 'POST', body, idempotencyKey }),
    getSignal: (signalId) => rest(path(signalId)),
    getPolicy: () => rest('/api/v1/policy'),
    getReceipts: (signalId) => rest(`${path(signalId)}/receipts`),
  };
}
