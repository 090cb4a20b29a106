// Golden messages and what can be made of them.

import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../Fixtures/wire/', import.meta.url);

export const golden = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
export const goldenNames = () => readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => file.replace(/\.json$/, ''));

export const settings = golden('connected').settings;
export const alice = { name: 'alice', role: 'trader', named: true };
export const nobody = { name: null, role: 'viewer', named: false };

export const signalId = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const timeText = (ms) => new Date(ms).toISOString();

export function makeSignal(number, changes = {}) {
  const at = timeText(Date.parse('2026-01-23T10:00:00.000Z') + number * 1_000);
  return { ...golden('signal-new').data, id: signalId(number), received_at: at, updated_at: at, ...changes };
}

export function makeDecision(changes = {}) {
  return {
    id: 'd-1', outcome: 'approved', status: 'BUY', decided_by: 'bob', decided_at: '2026-01-23T10:31:02.000Z', note: null, reason: null,
    accepted_price: null, veto: false, undo_window_ms: null, policy: null, ...changes,
  };
}

export function decidedSignal(signal, decision, version = signal.version + 1) {
  const status = decision.outcome === 'approved' ? `APPROVED_${decision.status}` : 'REJECTED';
  return { ...signal, status, awaiting_approval: false, version, updated_at: decision.decided_at, decision };
}

export const approvalMessage = (signal, offset) => ({
  type: 'approval_notification',
  timestamp: signal.decision.decided_at,
  offset,
  data: {
    symbol: signal.symbol, approved_status: signal.decision.status, approved_by: signal.decision.decided_by,
    approved_at: signal.decision.decided_at, note: signal.decision.note, accepted_price: signal.decision.accepted_price,
    signal_id: signal.id, decision_id: signal.decision.id,
    status: signal.status, version: signal.version, sign_offs: signal.sign_offs,
    undo_window_ms: signal.decision.undo_window_ms, policy: signal.decision.policy,
  },
});

export const signalMessage = (event, signal, offset) => ({ type: `signal:${event}`, timestamp: signal.updated_at, offset, data: signal });

/** How a desk stands that was never stopped. */
export const running = { stopped: false, stop: null, acknowledgements: null };

export const snapshotBody = (changes = {}) => ({
  epoch: 'E1', offset: 0, oldest_offset: 1, server_time: '2026-01-23T10:30:00.000Z', user: alice, settings, desk: running, signals: [], portfolio: null,
  campaigns: [], patterns: [], sessions: [], prices: [], notifications: [], ...changes,
});
