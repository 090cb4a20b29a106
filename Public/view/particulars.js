// @ts-check
/** The smaller print of a signal, as label and value; what the source did not say is left out. */
import { fullMoment } from './clock-text.js';
import { patternName } from './signal-words.js';

/** @param {Record<string, any>} signal @returns {[string, string][]} */
export function signalParticulars(signal) {
  const { recommendation } = signal;
  const pattern = signal.pattern_type && `${signal.pattern_type}${nameInBrackets(signal.pattern_type)}`;
  /** @type {[string, string | null][]} */
  const rows = [
    ['Pattern', pattern],
    ['Phase', signal.phase],
    ['Test', signal.test_confirmed === null ? null : signal.test_confirmed ? 'Confirmed' : 'Not confirmed'],
    ['Campaign', signal.campaign_id],
    ['Source', signal.source],
    ['Proposed by', signal.proposed_by],
    ['Policy', signal.decision?.policy?.version ?? null],
    ['Suggested', recommendation?.suggested ?? null],
    ['Unslug score', text(signal.unslug_score ?? recommendation?.unslug)],
    ['Fear score', text(signal.fear_score ?? recommendation?.fear)],
    ['Combined trust', text(signal.combined_trust)],
    ['Expires', signal.expires_at && fullMoment(signal.expires_at)],
    ['Signal id', signal.id],
  ];
  return /** @type {[string, string][]} */ (rows.filter(([, value]) => Boolean(value)));
}

/** @param {string} pattern */
function nameInBrackets(pattern) {
  const name = patternName(pattern);
  return name && name.toUpperCase() !== pattern ? ` (${name})` : '';
}

/** @param {unknown} value */
function text(value) {
  return value === null || value === undefined ? null : String(value);
}
