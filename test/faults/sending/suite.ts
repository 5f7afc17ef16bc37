import { conduct, openHouse, type House, type Result } from './run.ts';
import { planOf, type Plan } from './plan.ts';
import { GROUPS, postgresTemplate, sqliteTemplate, type Template } from './ground.ts';
import { createTally, type Tally } from './tally.ts';

interface SuiteOptions {
  runs: number;
  /** Half of the runs on each, where there are two. */
  engines: Plan['engine'][];
  /** Of the first run; the others count on from there. */
  seed: number;
  atATime: number;
  /** Of ours on each PostgreSQL; when left out, two on every other. */
  processes?: number | undefined;
  onRun?(result: Result): void;
}

export interface Totals {
  runs: number;
  messages: number;
  accepted: number;
  outcomes: Record<string, number>;
  doubles: number;
  lost: number;
  tally: Tally;
  broken: { seed: number; engine: Plan['engine']; processes: number; problems: string[]; log: string }[];
}

const TEMPLATES: Record<Plan['engine'], () => Promise<Template>> = {
  sqlite: sqliteTemplate,
  postgres: postgresTemplate,
};

/** So many runs, some at a time; what breaks is kept with its seed. */
export async function runSuite({ runs, engines, seed, atATime, processes, onRun }: SuiteOptions): Promise<Totals> {
  const templates = new Map<Plan['engine'], Template>();
  for (const engine of engines) templates.set(engine, await TEMPLATES[engine]());
  const totals: Totals = {
    runs: 0,
    messages: 0,
    accepted: 0,
    outcomes: {},
    doubles: 0,
    lost: 0,
    tally: createTally(),
    broken: [],
  };
  const seeds = Array.from({ length: runs }, (_, i) => seed + i);
  const houses = Array.from({ length: Math.ceil(runs / GROUPS) }, (_, number) => ({
    number,
    engine: engines[number % engines.length] ?? 'sqlite',
    processes: processes ?? (number % 4 === 1 ? 2 : 1),
    seeds: seeds.slice(number * GROUPS, (number + 1) * GROUPS),
  })).values();
  const lane = async () => {
    for (const house of houses) await oneHouse(house, templates.get(house.engine) as Template, totals, onRun);
  };
  try {
    await Promise.all(Array.from({ length: atATime }, lane));
  } finally {
    for (const template of templates.values()) await template.remove();
  }
  return totals;
}

interface Planned {
  number: number;
  engine: Plan['engine'];
  processes: number;
  seeds: number[];
}

/** Runs one after the other in one house; after one that breaks the others get a new one. */
async function oneHouse(planned: Planned, template: Template, totals: Totals, onRun: SuiteOptions['onRun']) {
  const { number, engine, seeds } = planned;
  const processes = engine === 'sqlite' ? 1 : planned.processes;
  let house: House | undefined;
  const close = async (seed: number) => {
    const log = house?.log() ?? '';
    const problems = (await house?.close().catch((error: Error) => [String(error.stack)])) ?? [];
    house = undefined;
    if (problems.length > 0) totals.broken.push({ seed, engine, processes, problems, log });
  };
  for (const [group, seed] of seeds.entries()) {
    let ended = 'broken';
    try {
      house ??= await openHouse(template, `house_${number}_${seed}`, processes);
      const result = await conduct(planOf(seed, engine), house, group);
      if (result.problems.length === 0) ended = '';
      add(totals, result);
      const { problems } = result;
      if (problems.length > 0) totals.broken.push({ seed, engine, processes, problems, log: house.log() });
      onRun?.(result);
    } catch (error) {
      totals.broken.push({
        seed,
        engine,
        processes,
        problems: [String((error as Error).stack)],
        log: house?.log() ?? '',
      });
    }
    if (ended !== '' || group === seeds.length - 1) await close(seed);
  }
}

function add(totals: Totals, { tally, outcomes, ...counts }: Result): void {
  totals.runs++;
  for (const name of ['messages', 'accepted', 'doubles', 'lost'] as const) totals[name] += counts[name];
  for (const [name, count] of Object.entries(outcomes)) totals.outcomes[name] = (totals.outcomes[name] ?? 0) + count;
  totals.tally.add(tally);
}
