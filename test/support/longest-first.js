import Sequencer from '@jest/test-sequencer';

const LONGEST = [
  /http\/demo\.test/,
  /http\/engine-start\.test/,
  /faults\/kill\.test/,
  /mail\/cadence-(year|model)\.test/,
  /store\/imports-crash\.test/,
];

/**
 * The longest files first, or one worker ends long before the other. A fresh clone has no durations to go by, and goes
 * by size, which says little of files that start processes.
 */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const place = ({ path }) => LONGEST.findIndex((pattern) => pattern.test(path)) >>> 0;
    const sorted = await super.sort(tests);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
