import { chance } from './chance.ts';
import type { Fault } from './sink.ts';

/** What a mail server can do wrong, each as often as one sees it in a bad hour. */
export const SERVER_FAULTS: Fault[] = [
  { name: '421 at connect', step: 'greeting', deed: 421, share: 0.3 },
  { name: 'closes at connect', step: 'greeting', deed: 'close', share: 0.3 },
  { name: 'hangs at connect', step: 'greeting', deed: 'hang', share: 0.15 },
  { name: '421 at MAIL', step: 'mail', deed: 421, share: 0.05 },
  { name: '450 at MAIL', step: 'mail', deed: 450, share: 0.05 },
  { name: '550 at MAIL', step: 'mail', deed: 550, share: 0.05 },
  { name: '421 at RCPT', step: 'rcpt', deed: 421, share: 0.07 },
  { name: '450 at RCPT', step: 'rcpt', deed: 450, share: 0.2 },
  { name: '450 at RCPT for a day', step: 'rcpt', deed: 450, share: 0.05, always: true },
  { name: '550 at RCPT', step: 'rcpt', deed: 550, share: 0.1, always: true },
  { name: 'closes at RCPT', step: 'rcpt', deed: 'close', share: 0.05 },
  { name: 'hangs at RCPT', step: 'rcpt', deed: 'hang', share: 0.04 },
  { name: '450 at DATA', step: 'data', deed: 450, share: 0.1 },
  { name: 'closes in the message', step: 'body', deed: 'close', share: 0.08 },
  { name: '421 after DATA', step: 'end', deed: 421, share: 0.07 },
  { name: '450 after DATA', step: 'end', deed: 450, share: 0.15 },
  { name: '550 after DATA', step: 'end', deed: 550, share: 0.1, always: true },
  { name: 'closes after DATA, not taken', step: 'end', deed: 'close', share: 0.1 },
  { name: 'hangs after DATA, not taken', step: 'end', deed: 'hang', share: 0.04 },
  { name: 'closes after DATA, taken', step: 'end', deed: 'acceptClose', share: 0.1 },
  { name: 'hangs after DATA, taken', step: 'end', deed: 'acceptHang', share: 0.04 },
  { name: 'answers too late, taken', step: 'end', deed: 'acceptLate', share: 0.04 },
  { name: 'half an answer, taken', step: 'end', deed: 'acceptHalf', share: 0.06 },
];

/** What happens to our processes, one after the other. */
export type Blow =
  | 'kill -9'
  | 'SIGTERM'
  | 'mail server down for an hour'
  | 'clock set forward'
  | 'disk full'
  | 'send-due beside'
  | 'send-due killed';

/** What people do meanwhile. */
export type Doing =
  | 'opts out'
  | 'wants no surveys'
  | 'bounces, of an earlier wave'
  | 'bounces, of this one'
  | 'complains, of an earlier wave'
  | 'answers by a link handed over'
  | 'answers from the mail'
  | 'pause and resume'
  | 'stop';

interface Timed<T> {
  what: T;
  /** After so many tries to hand over a message. */
  after: number;
  /** And so many milliseconds. */
  delay: number;
}

export interface Plan {
  seed: number;
  engine: 'sqlite' | 'postgres';
  /** How many parts of the ground's customers are asked. */
  parts: number;
  /** A second wave to the same people, at the same moment. */
  secondWave: boolean;
  /** A week goes by, and those who have not answered are reminded. */
  reminders: boolean;
  /** Somebody decides about what is unknown. */
  decisions: boolean;
  faults: Fault[];
  blows: Timed<Blow>[];
  doings: Timed<Doing>[];
  pipelining: boolean;
  /** Milliseconds a message takes at most. */
  slowness: number;
}

const BLOWS: Blow[] = ['kill -9', 'kill -9', 'kill -9', 'SIGTERM', 'mail server down for an hour', 'clock set forward'];
const BLOWS_ON: Record<Plan['engine'], Blow[]> = {
  sqlite: [...BLOWS, 'disk full', 'disk full', 'send-due beside', 'send-due killed'],
  postgres: [...BLOWS, 'kill -9', 'send-due beside', 'send-due killed'],
};
const DOINGS: Doing[] = [
  'opts out',
  'opts out',
  'opts out',
  'wants no surveys',
  'bounces, of an earlier wave',
  'bounces, of an earlier wave',
  'bounces, of this one',
  'complains, of an earlier wave',
  'answers by a link handed over',
  'answers from the mail',
  'pause and resume',
];

/** Everything about a run that is decided beforehand, from its seed. */
export function planOf(seed: number, engine: Plan['engine']): Plan {
  const draw = chance(seed, `plan ${engine}`);
  // Two servings of a process are under way at once: only a larger and slower wave has somebody left to stop.
  const stops = draw.happens(0.08);
  const parts = stops ? 2 : draw.between(1, 2);
  const expected = parts * 25;
  const timed = <T>(what: T): Timed<T> => ({ what, after: draw.between(0, expected), delay: draw.between(0, 60) });
  const soonest = <T>(all: Timed<T>[]) => all.sort((a, b) => a.after - b.after);
  const doings = Array.from({ length: draw.between(2, 7) }, () => timed(draw.pick(DOINGS)));
  return {
    seed,
    engine,
    parts,
    secondWave: draw.happens(0.2),
    reminders: draw.happens(0.12),
    decisions: draw.happens(0.5),
    faults: draw.shuffled(SERVER_FAULTS).slice(0, draw.between(0, 4)),
    blows: soonest(Array.from({ length: draw.pick([0, 0, 1, 1, 1, 2]) }, () => timed(draw.pick(BLOWS_ON[engine])))),
    doings: [...(stops ? [{ what: 'stop' as const, after: 1, delay: 0 }] : []), ...soonest(doings)],
    pipelining: draw.happens(0.5),
    slowness: stops ? 700 : draw.between(20, 90),
  };
}

/** By name, so that what never happens is seen. */
export const BLOWS_AND_DOINGS: readonly string[] = [
  ...new Set<string>([...BLOWS_ON.sqlite, ...BLOWS_ON.postgres, ...DOINGS, 'stop']),
];
