// @ts-check
/** A short sound, made on the spot. A browser that does not let a page sound before its first click stays silent. */

/** What reminds, and what nobody may miss: the frequencies that follow each other. */
export const SOUNDS = Object.freeze({ chime: [880], alarm: [660, 440, 660, 440] });

/**
 * @param {{ AudioContext?: typeof AudioContext }} tools
 * @returns {(sound?: keyof typeof SOUNDS) => void}
 */
export function createChime({ AudioContext }) {
  /** @type {AudioContext | null} */
  let audio = null;
  return (sound = 'chime') => {
    if (!AudioContext) return;
    audio ??= new AudioContext();
    if (audio.state === 'suspended') audio.resume().catch(() => {});
    for (const [index, frequency] of SOUNDS[sound].entries()) ring(audio, frequency, audio.currentTime + index * 0.4);
  };
}

/** @param {AudioContext} audio @param {number} frequency @param {number} at */
function ring(audio, frequency, at) {
  const gain = new GainNode(audio, { gain: 0.0001 });
  gain.connect(audio.destination);
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
  const tone = new OscillatorNode(audio, { frequency, type: 'sine' });
  tone.connect(gain);
  tone.start(at);
  tone.stop(at + 0.55);
}
