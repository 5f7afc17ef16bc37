import type { Plan } from './plan.ts';
import { BLOWS_AND_DOINGS, SERVER_FAULTS } from './plan.ts';
import { runSuite, type Totals } from './suite.ts';

/** Each run takes some seconds, most of them a server's start; two of them keep two cores busy. */
const AT_A_TIME = 2;

interface Options {
  runs: number;
  engines: Plan['engine'][];
  seed: number;
  processes: number | undefined;
  /** A line for each run. */
  verbose: boolean;
}

/** The suite from the command line: prints its counts. @returns whether everything held */
export async function sendingSuite({ runs, engines, seed, processes, verbose }: Options): Promise<boolean> {
  console.log(`Sending under faults: ${runs} runs on ${engines.join(' and ')}, seeds ${seed} to ${seed + runs - 1}`);
  const started = performance.now();
  let done = 0;
  const so = { messages: 0, accepted: 0, doubles: 0, lost: 0 };
  const totals = await runSuite({
    runs,
    engines,
    seed,
    processes,
    atATime: AT_A_TIME,
    onRun({ plan, problems, seconds, ...counts }) {
      done++;
      for (const each of ['messages', 'accepted', 'doubles', 'lost'] as const) so[each] += counts[each];
      if (problems.length > 0) console.log(`  BROKEN seed ${plan.seed} on ${plan.engine}: ${problems.join('; ')}`);
      const took = `${seconds.toFixed(1)} s`;
      if (verbose) console.log(`  ${done} of ${runs}: seed ${plan.seed} on ${plan.engine}, ${took}`);
      if (done % 20 === 0)
        console.log(
          `  ${done} runs: ${so.messages} messages, ${so.accepted} accepted, doubles ${so.doubles}, lost ${so.lost}`,
        );
    },
  });
  report(totals, (performance.now() - started) / 1000);
  return totals.broken.length === 0;
}

function report({ runs, messages, accepted, outcomes, doubles, lost, tally, broken }: Totals, seconds: number): void {
  const met = new Map(tally.all());
  console.log('What happened, in how many runs and to how many messages:');
  for (const [what, counts] of met)
    console.log(`  ${what.padEnd(34)} ${String(counts.runs).padStart(4)} runs ${String(counts.messages).padStart(6)}`);
  const never = [...SERVER_FAULTS.map(({ name }) => name), ...BLOWS_AND_DOINGS].filter((each) => !met.get(each)?.runs);
  if (never.length > 0) console.log(`  never: ${never.join(', ')}`);
  console.log(
    `${runs} runs in ${Math.round(seconds)} s; ${messages} messages, ${accepted} accepted by the mail server; recipients: ` +
      ['sent', 'unknown', 'failed', 'cancelled', 'skipped', 'withheld']
        .map((each) => `${outcomes[each] ?? 0} ${each}`)
        .join(', '),
  );
  console.log(`doubles ${doubles}, lost ${lost}, broken runs ${broken.length}`);
  for (const { seed, engine, processes, problems, log } of broken) {
    console.log(
      `BROKEN: again with --suite sending --runs 1 --seed ${seed} --engine ${engine} --processes ${processes}`,
    );
    for (const each of problems.slice(0, 12)) console.log(`  ${each}`);
    if (log) console.log(log.slice(-1500));
  }
}
