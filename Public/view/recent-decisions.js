// @ts-check
/** The last decisions of the team, newest first, from the decided signals. */

const SHOWN_MAX = 8;

/**
 * @param {readonly Record<string, any>[]} signals
 * @returns {{ id: string, symbol: string, good: boolean, what: string, who: string, at: string, why: string | null }[]}
 */
export function recentDecisions(signals) {
  return signals
    .filter(({ decision }) => decision)
    .sort((a, b) => (a.decision.decided_at < b.decision.decided_at ? 1 : -1))
    .slice(0, SHOWN_MAX)
    .map(({ id, symbol, decision }) => ({
      id,
      symbol,
      good: decision.outcome === 'approved',
      what: decision.outcome === 'approved' ? `approved ${decision.status}` : 'rejected',
      who: decision.decided_by,
      at: decision.decided_at,
      why: [decision.reason, decision.note].filter(Boolean).join(' · ') || null,
    }));
}
