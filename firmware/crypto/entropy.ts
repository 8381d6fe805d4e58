// The start-up health tests of NIST SP 800-90B (sections 4.3 and 4.4) over what the platform's generator gives: a
// generator that hangs, repeats or leans is found. They prove nothing about one that is merely guessable; that is for
// the source's own tests, in the platform.

/** Bytes drawn, at least the 1,024 of section 4.3. */
export const samplesCount = 4_096;
/** Section 4.4.1: alike in a row, for 8 bits a sample and a false alarm in 2^30: 1 + ceil(30 / 8). */
export const repetitionCutoff = 5;
/**
 * Section 4.4.2: samples of a window like its first one, itself included; reached by chance less than once in 2^30
 * windows.
 */
const windowLength = 512;
export const proportionCutoff = 17;

/** `random` fills with bytes; one that throws has failed by its own word. */
export function entropyTest(random: (length: number) => Uint8Array): boolean {
  let samples: Uint8Array;
  try {
    samples = random(samplesCount);
  } catch {
    return false;
  }
  return repetitionTest(samples) && proportionTest(samples);
}

function repetitionTest(samples: Uint8Array): boolean {
  let alike = 1;
  for (let i = 1; i < samples.length; i++) {
    alike = samples[i] === samples[i - 1] ? alike + 1 : 1;
    if (alike >= repetitionCutoff) return false;
  }
  return true;
}

function proportionTest(samples: Uint8Array): boolean {
  for (let start = 0; start + windowLength <= samples.length; start += windowLength) {
    let alike = 0;
    for (let i = start; i < start + windowLength; i++) if (samples[i] === samples[start]) alike++;
    if (alike >= proportionCutoff) return false;
  }
  return true;
}
