/**
 * Kills the server with kill -9 at 50 random moments of the main job, on each engine, and starts it again each time.
 * No acknowledged answer may be lost and nobody may get two mails. Prints its counts. `--kills N` for another number.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/shared/clock.ts';
import { dayIn } from '../../src/shared/dates.ts';
import { ground, type Ground } from '../main-job/ground.ts';
import { runJob } from '../main-job/job.ts';
import { readLeavers } from '../main-job/leavers.ts';
import type { Server } from '../main-job/processes.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '50' }, engine: { type: 'string' } } });
const KILLS = Number(values.kills);
const ENGINES = (['sqlite', 'postgres'] as const).filter((each) => !values.engine || values.engine === each);
const MOST_MS = 1500;
const { leavers } = readLeavers(dayIn('Europe/Berlin', systemClock.now()));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Kills and restarts until told to stop, so many times at most. */
function chaos(server: Server, most: number) {
  let kills = 0;
  let over = false;
  const run = async () => {
    while (!over && kills < most) {
      await pause(Math.random() * MOST_MS);
      if (over) break;
      await server.kill();
      kills++;
      await server.start();
    }
  };
  const running = { done: Promise.resolve() };
  return {
    begin: () => void (running.done = run()),
    async end() {
      over = true;
      await running.done;
      return kills;
    },
  };
}

async function oneJob(
  { baseUrl, server, sink, remove }: Ground,
  most: number,
): Promise<{ kills: number; ok: boolean }> {
  const killer = chaos(server, most);
  const steps: string[] = [];
  try {
    const outcome = await runJob({
      baseUrl,
      server,
      sink,
      leavers,
      onStep: (name) => steps.push(name),
      onReady: killer.begin,
    });
    const kills = await killer.end();
    const { acknowledged, lost, mails, accounts, differences } = outcome;
    const addresses = new Set(mails.map((mail) => mail.to.join()));
    const {
      sent = 0,
      unknown = 0,
      waiting = 0,
      failed = 0,
      cancelled = 0,
      skipped = 0,
      withheld = 0,
      recipients = 0,
    } = accounts;
    const sum = sent + unknown + waiting + failed + cancelled + skipped + withheld;
    console.log(
      `  ${kills} kills; ${mails.length} mails to ${addresses.size} people; ${acknowledged.length} answers acknowledged, ${lost.length} lost`,
    );
    console.log(
      `  sent ${sent}, unknown ${unknown}, waiting ${waiting}, failed ${failed}, cancelled ${cancelled}, skipped ${skipped}, withheld ${withheld} = ${sum} of ${recipients} recipients`,
    );
    for (const each of differences) console.log(`  DIFFERENT ${each}`);
    const once = addresses.size === mails.length;
    const everyone =
      sum === recipients && recipients === leavers.length && addresses.size >= sent && addresses.size <= sent + unknown;
    return { kills, ok: once && everyone && lost.length === 0 && differences.length === 0 };
  } finally {
    await killer.end();
    await server.stop();
    sink.stop();
    await remove();
    if (steps.length < 10) console.log(`  ended after: ${steps.at(-1)}`);
  }
}

let passed = 0;
let failed = 0;
for (const engine of ENGINES) {
  console.log(`On ${engine}`);
  let kills = 0;
  while (kills < KILLS) {
    const result = await oneJob(await ground(engine), KILLS - kills);
    kills += result.kills;
    if (result.ok) passed++;
    else failed++;
    if (!result.ok || result.kills === 0) break;
  }
  console.log(`  ${kills} kills in all`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
