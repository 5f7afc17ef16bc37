/** The main job on real input: on SQLite, then on PostgreSQL, each with a fresh server process and a mail server process. */
import { dayIn } from '../../src/shared/dates.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { plainMoney } from '../../src/shared/money.ts';
import { ground, type Ground } from './ground.ts';
import { runJob } from './job.ts';
import { expectedFrom, readLeavers, type Leaver } from './leavers.ts';

const today = dayIn('Europe/Berlin', systemClock.now());
const { source, leavers } = readLeavers(today);
console.log(
  `${leavers.length} leavers from ${source}, worth ${plainMoney(expectedFrom(leavers).lostMinor, 'EUR')} a year`,
);

/** CI has little time: on its second engine fewer of them are enough to see that the figures are the same. */
const FEWER_IN_CI = 600;

async function run({ name, baseUrl, server, sink, remove }: Ground, leavers: Leaver[]): Promise<boolean> {
  console.log(`\nOn ${name}, ${leavers.length} leavers`);
  const expected = expectedFrom(leavers);
  const onStep = (step: string, count: number, seconds: number) => {
    console.log(
      `  ${step.padEnd(42)} ${String(count).padStart(6)}  ${seconds.toFixed(1).padStart(6)} s  ${Math.round(count / seconds)} a second`,
    );
  };
  try {
    const { differences, mails, lost } = await runJob({ baseUrl, server, sink, leavers, onStep });
    const doubled = mails.length - new Set(mails.map((mail) => mail.to.join())).size;
    console.log(`  ${mails.length} mails received, ${doubled} of them for the second time`);
    for (const row of expected.rows)
      console.log(`  ${row.category.padEnd(20)} ${row.count}  ${plainMoney(row.lostMinor, 'EUR')}`);
    for (const each of differences) console.log(`  DIFFERENT ${each}`);
    if (differences.length === 0) console.log('  screen, CSV and interface say what the file says');
    return differences.length === 0 && doubled === 0 && lost.length === 0 && mails.length === leavers.length;
  } finally {
    await server.stop();
    sink.stop();
    await remove();
  }
}

const fewer = process.env.CI ? leavers.slice(0, FEWER_IN_CI) : leavers;
const results = [await run(await ground('sqlite'), leavers), await run(await ground('postgres'), fewer)];
process.exitCode = results.every(Boolean) ? 0 : 1;
