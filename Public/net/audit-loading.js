// @ts-check
// Reads the log for the audit page, page by page. What is asked for last counts: an answer to an earlier question is dropped.

import { readAuditPage, readAuditStatistics } from '../wire/audit.js';

/**
 * @typedef {import('./audit-api.js').AuditFilters} AuditFilters
 * @typedef {{ phase: 'loading'|'ready'|'loading-more'|'failed', entries: import('../wire/audit.js').AuditEntry[], hasMore: boolean,
 *   head: { offset: number, hash: string }|null, reason: string|null, statistics: import('../wire/audit.js').Statistics|null,
 *   statisticsFailed: boolean }} AuditView
 */

/** Pages of which nothing was wanted are passed over, as many as this before the reader is asked whether to go on. */
const PAGES_PASSED_MAX = 10;

/** @type {AuditView} */
export const nothingRead = {
  phase: 'loading', entries: [], hasMore: false, head: null, reason: null, statistics: null, statisticsFailed: false,
};

/**
 * @param {{ api: import('./audit-api.js').AuditApi, show: (view: AuditView) => void, utcOffsetMinutes: () => number }} tools
 * @returns {{ ask(filters: AuditFilters): Promise<void>, more(): Promise<void>, view(): AuditView }}
 */
export function createAuditLoading({ api, show, utcOffsetMinutes }) {
  let view = nothingRead;
  /** @type {AuditFilters} */
  let filters = { type: '', user: '', from: '', to: '' };
  /** @type {string|null} */
  let cursor = null;
  let question = 0;

  /** @param {Partial<AuditView>} change */
  const become = (change) => {
    view = { ...view, ...change };
    show(view);
  };

  /** @param {number} mine */
  const readOn = async (mine) => {
    for (let passed = 0; passed < PAGES_PASSED_MAX; passed += 1) {
      const outcome = await api.page(filters, cursor);
      if (mine !== question) return;
      const read = outcome.kind === 'answer' ? readAuditPage(outcome.body) : null;
      if (!read?.ok) {
        become({ phase: 'failed', reason: outcome.kind === 'problem' ? outcome.problem.detail : null });
        return;
      }
      const { entries, hasMore, head } = read.page;
      cursor = read.page.cursor;
      const done = entries.length > 0 || !hasMore;
      become({ entries: [...view.entries, ...entries], hasMore, head, reason: null, ...(done ? { phase: 'ready' } : {}) });
      if (done) return;
    }
    become({ phase: 'ready' });
  };

  /** @param {number} mine */
  const readStatistics = async (mine) => {
    const outcome = await api.statistics(filters, utcOffsetMinutes());
    if (mine !== question) return;
    const read = outcome.kind === 'answer' ? readAuditStatistics(outcome.body) : null;
    become(read?.ok ? { statistics: read.statistics, statisticsFailed: false } : { statistics: null, statisticsFailed: true });
  };

  return {
    async ask(wanted) {
      question += 1;
      filters = wanted;
      cursor = null;
      become({ ...nothingRead, statistics: view.statistics });
      await Promise.all([readOn(question), readStatistics(question)]);
    },
    async more() {
      if (view.phase === 'loading' || view.phase === 'loading-more') return;
      if (view.phase === 'ready' && !view.hasMore) return;
      become({ phase: view.entries.length > 0 ? 'loading-more' : 'loading', reason: null });
      await readOn(question);
    },
    view: () => view,
  };
}
