// @ts-check
/** A short sound, made on the spot. A browser that does not let a page sound before its first click stays silent. */

/**
 * @param {{ AudioContext?: typeof AudioContext }} tools
 * @returns {() => void}
 */
export function createChime({ AudioContext }) {
  /** @type {AudioContext | null} */
  let audio = null;
  return () => {
    if (!AudioContext) return;
    audio ??= new AudioContext();
    if (audio.state === 'suspended') audio.resume().catch(() => {});
    const at = audio.currentTime;
    const gain = new GainNode(audio, { gain: 0.0001 });
    gain.connect(audio.destination);
    gain.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
    const tone = new OscillatorNode(audio, { frequency: 880, type: 'sine' });
    tone.connect(gain);
    tone.start(at);
    tone.stop(at + 0.55);
  };
}
