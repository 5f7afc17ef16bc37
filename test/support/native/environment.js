import { createRequire } from 'node:module';
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/** What is made in a test and read by the product, and the other way round: of one kind on both sides. */
const SHARED = { Date, Map, Set, Error, TypeError, RangeError, SyntaxError, AggregateError };

/** What a worker keeps from one test file to the next. */
const ofWorker = new Map();

const { createContext } = vm;
const plainContext = () => createContext(vm.constants.DONT_CONTEXTIFY);

/**
 * Lets test files reach what Node itself has loaded. Their globals are those of a context as any: in the one that jest
 * makes, a proxy stands before each of them, and every `Math`, `Error` or `expect` costs twenty times as much.
 */
export default class extends TestEnvironment {
  constructor(config, context) {
    vm.createContext = plainContext;
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    Object.assign(this.global, SHARED, {
      nativeRequire: createRequire(import.meta.url),
      ofWorker,
    });
  }
}
