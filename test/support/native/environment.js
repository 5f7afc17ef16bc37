import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';

/** What is made in a test and read by the product, and the other way round: of one kind on both sides. */
const SHARED = { Date, Map, Set, Error, TypeError, RangeError, SyntaxError, AggregateError };

/** Lets test files reach what Node itself has loaded. */
export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, SHARED, {
      nativeRequire: createRequire(import.meta.url),
    });
  }
}
