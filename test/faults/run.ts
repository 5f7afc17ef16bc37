/**
 * `--suite kills`: kills the server with kill -9 at 50 random moments of the main job, on each engine, and starts it
 * again each time. No acknowledged answer may be lost and nobody may get two mails. `--kills N` for another number.
 * `--suite sending`: 300 small waves through a mail server that misbehaves, with our processes killed, the disk full,
 * people opting out; nobody is written to twice, and every recipient is accounted for. `--runs N`, `--seed S`.
 * Without `--suite` both; `--engine sqlite` or `--engine postgres` for one engine. Both print their counts.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/shared/clock.ts';
import { dayIn } from '../../src/shared/dates.ts';
import { ground } from '../main-job/ground.ts';
import { readLeavers } from '../main-job/leavers.ts';
import { broken, killedJob } from './killed-job.ts';
import { sendingSuite } from './sending/command.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    suite: text,
    engine: { ...text, default: 'both' },
    kills: { ...text, default: '50' },
    runs: { ...text, default: '300' },
    seed: { ...text, default: '1' },
    processes: text,
    verbose: { type: 'boolean', default: false },
  },
});
const engines = (['sqlite', 'postgres'] as const).filter((each) => ['both', each].includes(values.engine));

/** Jobs one after the other until there have been so many kills. */
async function killsOn(engine: 'sqlite' | 'postgres', most: number): Promise<boolean> {
  console.log(`On ${engine}`);
  const { leavers } = readLeavers(dayIn('Europe/Berlin', systemClock.now()));
  for (let kills = 0; kills < most;) {
    const counts = await killedJob(await ground(engine), leavers, { kills: most - kills, withinMs: 1500 });
    const { acknowledged, lost, mails, people, accounts, accounted } = counts;
    console.log(
      `  ${counts.kills} kills; ${mails} mails to ${people} people; ${acknowledged} answers acknowledged, ${lost} lost`,
    );
    console.log(
      `  sent ${accounts.sent}, unknown ${accounts.unknown}; ${accounted} of ${accounts.recipients} recipients accounted for`,
    );
    const problems = broken(counts, leavers);
    for (const each of problems) console.log(`  BROKEN ${each}`);
    if (problems.length > 0 || counts.kills === 0) return false;
    kills += counts.kills;
  }
  return true;
}

const results: boolean[] = [];
if (values.suite !== 'sending') for (const engine of engines) results.push(await killsOn(engine, Number(values.kills)));
if (values.suite !== 'kills') {
  const { runs, seed, verbose } = values;
  const processes = values.processes === undefined ? undefined : Number(values.processes);
  results.push(
    await sendingSuite({ runs: Number(runs), engines: [...engines], seed: Number(seed), processes, verbose }),
  );
}
console.log(`${results.filter(Boolean).length} passed, ${results.filter((each) => !each).length} failed`);
process.exitCode = results.every(Boolean) ? 0 : 1;
