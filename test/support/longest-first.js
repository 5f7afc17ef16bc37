import Sequencer from '@jest/test-sequencer';

const LONGEST = [/faults\/kill\.test/, /http\/demo\.test/, /store\/imports-crash\.test/];

/**
 * The longest files first, or one worker ends long before the other. A fresh clone has no durations to go by, and goes
 * by size, which says little of files that start processes.
 */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const isLong = ({ path }) => LONGEST.some((pattern) => pattern.test(path));
    const sorted = await super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
