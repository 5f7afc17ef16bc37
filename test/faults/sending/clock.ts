/**
 * Loaded before a process of ours (`node --import`), as libfaketime would be: the machine's clock runs many times as
 * fast, timers too, and its parent can move it. Only the waiting for the other end of a connection takes real time.
 */

/** How a process's clock stands: at `from` when the machine's stood at `start`. Milliseconds. */
export interface Standing {
  from: number;
  start: number;
  pace: number;
}

/** `ms` go by: all of it, or (a clock that is set) only what it shows. */
export interface Move {
  ms: number;
  how: 'pass' | 'set';
}

const clock = globalThis.Date;
const stopwatch = performance.now.bind(performance);

/** What the clock shows at this moment of the machine's. */
export const shown = ({ from, start, pace }: Standing, machine = clock.now()): number =>
  Math.round(from + (machine - start) * pace);

type Timer = typeof setTimeout | typeof setInterval;

function quicker<T extends Timer>(timer: T, pace: number): T {
  return new Proxy(timer, {
    apply: (target, self, [what, ms = 0, ...rest]: [() => void, number?, ...unknown[]]) =>
      Reflect.apply(target, self, [what, ms / pace, ...rest]) as unknown,
  });
}

function runFast(standing: Standing): void {
  let [set, passed] = [0, 0];
  const now = () => shown(standing) + set + passed;
  const moved: DateConstructor = new Proxy(clock, {
    construct: (target, given: unknown[], made) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, made === moved ? target : made) as object,
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
  globalThis.Date = moved;
  performance.now = () => stopwatch() * standing.pace + passed;
  globalThis.setTimeout = quicker(setTimeout, standing.pace);
  globalThis.setInterval = quicker(setInterval, standing.pace);
  process.on('message', ({ ms, how }: Move) => {
    if (how === 'set') set += ms;
    else passed += ms;
    process.send?.('moved');
  });
  // Listening to the parent is no reason to go on living.
  process.channel?.unref();
}

const { CLOCK } = process.env;
if (CLOCK) runFast(JSON.parse(CLOCK) as Standing);
