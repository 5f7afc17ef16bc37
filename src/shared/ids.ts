import { randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';

const POOL = 4096;
const pool = new Uint8Array(POOL);
let used = POOL;

function randomBytes(count: number, { draw }: Clock): Uint8Array {
  if (draw) return Uint8Array.from({ length: count }, () => Math.floor(draw() * 256));
  if (used + count > POOL) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.subarray(used, (used += count));
}

interface Last {
  time: number;
  counter: number;
}

/** For each clock, so that one that tells of the past does not get the ids of the present. */
const lasts = new WeakMap<Clock, Last>();

/** Within one millisecond a counter keeps the order in which ids were made. */
function tick(clock: Clock): Last {
  const now = clock.now().getTime();
  let last = lasts.get(clock);
  if (!last) lasts.set(clock, (last = { time: 0, counter: 0 }));
  if (now > last.time) {
    last.time = now;
    last.counter = (randomBytes(1, clock)[0] ?? 0) & 0x3f;
  } else if (++last.counter > 0xfff) {
    last.time++;
    last.counter = 0;
  }
  return last;
}

/** A UUID of version 7 (RFC 9562): sorts by the time of its making, 62 random bits. */
export function newId(clock: Clock): string {
  const { time: millisecond, counter } = tick(clock);
  const time = millisecond.toString(16).padStart(12, '0');
  const random = Buffer.from(randomBytes(8, clock));
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const hex = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}

/** Ids that were made at that moment or later sort after this. */
export function idAt(moment: string): string {
  const time = Math.max(0, Date.parse(moment)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}
