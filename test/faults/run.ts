/**
 * Kills the server with kill -9 at 50 random moments of the main job, on each engine, and starts it again each time.
 * No acknowledged answer may be lost and nobody may get two mails. Prints its counts.
 * `--kills N` for another number, `--engine sqlite` for one engine.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/shared/clock.ts';
import { dayIn } from '../../src/shared/dates.ts';
import { ground } from '../main-job/ground.ts';
import { readLeavers } from '../main-job/leavers.ts';
import { broken, killedJob } from './killed-job.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '50' }, engine: { type: 'string' } } });
const most = Number(values.kills);
const engines = (['sqlite', 'postgres'] as const).filter((each) => !values.engine || values.engine === each);
const { leavers } = readLeavers(dayIn('Europe/Berlin', systemClock.now()));

/** Jobs one after the other until there have been so many kills. */
async function runOn(engine: 'sqlite' | 'postgres'): Promise<boolean> {
  console.log(`On ${engine}`);
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

const results = [];
for (const engine of engines) results.push(await runOn(engine));
console.log(`${results.filter(Boolean).length} passed, ${results.filter((each) => !each).length} failed`);
process.exitCode = results.every(Boolean) ? 0 : 1;
