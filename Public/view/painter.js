// @ts-check
/** Paints once per frame: however often a state changes between two frames, each job runs once. */

/** A hidden tab gets no animation frames; its title and its announcements must go on, so a timer steps in. */
const HIDDEN_PAINT_MS = 250;

/**
 * @param {{ requestAnimationFrame: (run: () => void) => any, setTimeout: (run: () => void, ms: number) => any,
 *   isHidden: () => boolean }} page
 * @returns {(job: () => void) => void}
 */
export function createPainter({ requestAnimationFrame, setTimeout, isHidden }) {
  /** @type {Set<() => void>} */
  let jobs = new Set();
  let scheduled = false;

  const flush = () => {
    if (!scheduled) return;
    scheduled = false;
    const due = jobs;
    jobs = new Set();
    for (const job of due) job();
  };

  return (job) => {
    jobs.add(job);
    if (scheduled) return;
    scheduled = true;
    if (isHidden()) setTimeout(flush, HIDDEN_PAINT_MS);
    else requestAnimationFrame(flush);
    // A tab hidden between scheduling and painting would never flush: a late timer catches that.
    setTimeout(flush, HIDDEN_PAINT_MS * 2);
  };
}
