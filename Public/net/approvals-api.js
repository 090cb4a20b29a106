// @ts-check
// Deciding and asking about one signal over REST (APR-02, EP-13).

/**
 * @typedef {import('./rest.js').Rest} Rest
 * @typedef {import('./rest.js').Outcome} Outcome
 * @typedef {{
 *   approve(signalId: string, body: {status: string, note?: string, version?: number, terms?: string, accepted_price?: string},
 *     idempotencyKey: string): Promise<Outcome>,
 *   reject(signalId: string, body: {reason: string, note?: string, version?: number}, idempotencyKey: string): Promise<Outcome>,
 *   undo(signalId: string, body: {version?: number}, idempotencyKey: string): Promise<Outcome>,
 *   extend(signalId: string, body: {version?: number}, idempotencyKey: string): Promise<Outcome>,
 *   decideAll(body: {items: object[]}): Promise<Outcome>,
 *   getSignal(signalId: string): Promise<Outcome>,
 *   getPreviews(): Promise<Outcome>,
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
    undo: (signalId, body, idempotencyKey) => rest(`${path(signalId)}/undo`, { method: 'POST', body, idempotencyKey }),
    extend: (signalId, body, idempotencyKey) => rest(`${path(signalId)}/extend`, { method: 'POST', body, idempotencyKey }),
    decideAll: (body) => rest('/api/v1/decisions/bulk', { method: 'POST', body }),
    getSignal: (signalId) => rest(path(signalId)),
    getPreviews: () => rest('/api/v1/previews'),
    getPolicy: () => rest('/api/v1/policy'),
    getReceipts: (signalId) => rest(`${path(signalId)}/receipts`),
  };
}
