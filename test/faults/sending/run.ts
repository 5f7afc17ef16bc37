import type { Chance } from './chance.ts';
import { chance } from './chance.ts';
import { blow } from './blows.ts';
import type { Ground, Person, Template } from './ground.ts';
import { judge, pageOf, type Verdict } from './judge.ts';
import { createProcess, createTime, SILENCE_MS, type Process, type Time } from './ours.ts';
import { decide, does, startWave, waveOf, type Silence } from './people.ts';
import type { Plan } from './plan.ts';
import { openRows, mailsOf, type Rows } from './rows.ts';
import { startSink, type Sink } from './sink.ts';
import { createTally, type Tally } from './tally.ts';

/** A run while it goes on. */
export interface Run extends House {
  plan: Plan;
  people: Person[];
  random: Chance;
  waves: string[];
  silences: Silence[];
  /** Whom something has happened to already. */
  touched: Set<string>;
  /** How often a person decided that a mail goes again, by the mail. */
  again: Map<string, number>;
  countedAsSent: Set<string>;
  /** When somebody began to decide about a mail. */
  decidedAt: Map<string, number>;
  /** Message-IDs that came back. */
  bounced: Set<string>;
  /** Whether something of ours died without a chance to write down what it had under way. */
  killed: boolean;
  problems: string[];
  tally: Tally;
}

export interface Result extends Verdict {
  plan: Plan;
  tally: Tally;
  seconds: number;
}

const REST_MS = 40_000;
const LOOK_MS = 80;
const WATCH_MS = 300;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A business on its own database, with our processes serving it, for some runs one after the other. */
export interface House {
  template: Template;
  ground: Ground;
  time: Time;
  sink: Sink;
  processes: Process[];
  rows: Rows;
  log(): string;
  /** Ends it as an administrator would. @returns what was wrong */
  close(): Promise<string[]>;
}

export async function openHouse(template: Template, name: string, processCount: number): Promise<House> {
  const ground = await template.copy(name);
  const sink = await startSink(SILENCE_MS * 1.4);
  const time = createTime();
  const settings = { ground, smtpPort: sink.port, time };
  const processes: Process[] = [];
  for (let i = 0; i < processCount; i++) processes.push(await createProcess(settings));
  await Promise.all(processes.map((each) => each.start()));
  const rows = await openRows(ground.databaseUrl);
  return {
    template,
    ground,
    time,
    sink,
    processes,
    rows,
    log: () => processes.map((each) => each.log()).join(''),
    async close() {
      const ends = await Promise.all(processes.map((each) => each.fallen() ?? each.stop()));
      await Promise.all(processes.map((each) => each.kill()));
      await sink.close();
      await rows.close();
      await ground.remove();
      return ends.flatMap((wrong) => (wrong === undefined ? [] : [`a server of ours: ${wrong}`]));
    },
  };
}

/** One wave on one bad morning, to people whom nothing has happened to yet, from its start to the verdict. */
export async function conduct(plan: Plan, house: House, group: number): Promise<Result> {
  const started = performance.now();
  const run = begin(plan, house, group);
  const watching = watch(run);
  try {
    await live(run);
  } finally {
    await watching.end();
  }
  for (const each of run.processes) {
    const fallen = each.fallen();
    if (fallen !== undefined) run.problems.push(`a server of ours: ${fallen}`);
  }
  return { ...(await judge(run)), plan, tally: run.tally, seconds: (performance.now() - started) / 1000 };
}

function begin(plan: Plan, house: House, group: number): Run {
  house.sink.begin(plan);
  return {
    ...house,
    plan,
    people: house.template.people.filter((each) => each.group === group && each.part < plan.parts),
    random: chance(plan.seed, 'what people do'),
    waves: [],
    silences: [],
    touched: new Set(),
    again: new Map(),
    countedAsSent: new Set(),
    decidedAt: new Map(),
    bounced: new Set(),
    killed: false,
    problems: [],
    tally: createTally(),
  };
}

async function live(run: Run): Promise<void> {
  const { plan, people } = run;
  run.waves.push(await startWave(run, people));
  const second = plan.secondWave ? startWave(run, people).then((id) => run.waves.push(id)) : undefined;
  await Promise.all([second, blows(run), doings(run)]);
  if (plan.secondWave) run.tally.met('a second wave to the same people', people.length);
  await rest(run);
  if (plan.decisions) {
    await decide(run);
    await rest(run);
  }
  if (plan.reminders) await aWeekLater(run);
  const page = await pageOf(run);
  if (page.parts !== page.recipients || page.total !== page.recipients)
    run.problems.push(`the wave's page adds ${page.parts} up to ${page.total}, of ${page.recipients}`);
}

async function blows(run: Run): Promise<void> {
  for (const { what, after, delay } of run.plan.blows) {
    await run.sink.seen(after, 1500);
    await pause(delay);
    await blow(run, what);
  }
}

async function doings(run: Run): Promise<void> {
  for (const { what, after, delay } of run.plan.doings) {
    await run.sink.seen(after, 1500);
    await pause(delay);
    await does(run, what);
  }
}

/** Time for reminders; some answer or opt out just before, some while they go. */
async function aWeekLater(run: Run): Promise<void> {
  const before = (await mailsOf(run.rows, run.waves)).length;
  const tries = run.sink.tries.length;
  for (const what of ['answers from the mail', 'opts out', 'bounces, of this one'] as const) await does(run, what);
  run.sink.faults = run.plan.faults;
  const ms = workingMorning(run.time.now() + 6 * DAY) - run.time.now();
  await run.time.move({ ms, how: 'pass' }, run.processes);
  await run.sink.seen(tries + run.random.between(1, 8), 1500);
  for (const what of ['opts out', 'answers from the mail'] as const) await does(run, what);
  if (run.random.happens(0.5)) await blow(run, run.random.pick(['kill -9', 'SIGTERM']));
  await pause(500);
  await rest(run);
  run.tally.met('reminders', (await mailsOf(run.rows, run.waves)).length - before);
}

/** Half past ten in the morning of that day or the next Tuesday, Wednesday or Thursday. */
function workingMorning(from: number): number {
  let at = Date.parse(`${new Date(from).toISOString().slice(0, 11)}10:30:00.000Z`);
  while (![2, 3, 4].includes(new Date(at).getUTCDay())) at += DAY;
  return at;
}

/** Everything works again; then whatever can still go goes, and nothing is left under way. */
async function rest(run: Run): Promise<void> {
  run.sink.faults = run.sink.faults.filter(({ always }) => always);
  await run.time.move({ ms: 6 * MINUTE, how: 'pass' }, run.processes);
  for (const last = performance.now() + REST_MS; performance.now() < last;) {
    const waves = await run.rows.all<{ state: string }>(`select state from wave where id in (${quoted(run.waves)})`);
    const mails = await mailsOf(run.rows, run.waves);
    const waiting = mails.filter(({ state }) => state === 'queued' || state === 'sending');
    if (waiting.length === 0 && waves.every(({ state }) => state === 'finished' || state === 'stopped')) return;
    const soonest = Math.min(
      ...waiting.map(({ state, notBefore }) => (state === 'sending' ? 0 : Date.parse(notBefore))),
    );
    const ms = soonest - run.time.now() + 1000;
    if (ms > 2000 && ms < DAY) await run.time.move({ ms, how: 'pass' }, run.processes);
    await pause(LOOK_MS);
  }
  const left = Map.groupBy(await mailsOf(run.rows, run.waves), ({ state, notBefore }) => `${state} ${notBefore}`);
  const words = [...left].map(([what, mails]) => `${mails.length} ${what}`).join(', ');
  run.problems.push(`it does not come to rest: ${words}, at ${new Date(run.time.now()).toISOString()}`);
}

export const quoted = (ids: string[]) => ids.map((id) => `'${id}'`).join();

const OUTCOMES = ['sent', 'unknown', 'failed', 'cancelled', 'skipped', 'withheld', 'waiting'] as const;

/** Looks at the accounts again and again: they add up at every moment. */
function watch(run: Run): { end(): Promise<void> } {
  let over = false;
  let most = 0;
  const look = async () => {
    const [id] = run.waves;
    if (id === undefined) return;
    const { accounts } = await waveOf(run, id);
    const sum = OUTCOMES.reduce((total, each) => total + (accounts[each] ?? 0), 0);
    const { recipients = 0, sent = 0, bounced = 0 } = accounts;
    if (sum !== recipients) run.problems.push(`the accounts add up to ${sum}, not to ${recipients}`);
    if (bounced > sent) run.problems.push('more came back than went out');
    if (recipients < most || recipients > run.people.length)
      run.problems.push(`${recipients} recipients after ${most}`);
    most = recipients;
    run.tally.met('looks at the accounts', 1);
  };
  const going = (async () => {
    while (!over) {
      await look().catch((error: Error) => run.problems.push(`nobody tells the accounts: ${error.message}`));
      await pause(WATCH_MS);
    }
  })();
  return {
    async end() {
      over = true;
      await going;
    },
  };
}
