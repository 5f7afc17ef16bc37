/** The main job on real input: on SQLite, then on PostgreSQL, each with a fresh server process and a mail server process. */
import { dayIn } from '../../src/shared/dates.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { plainMoney } from '../../src/shared/money.ts';
import { ground, type Ground } from './ground.ts';
import { runJob } from './job.ts';
import { expectedFrom, readLeavers } from './leavers.ts';

const today = dayIn('Europe/Berlin', systemClock.now());
const { source, leavers } = readLeavers(today);
const expected = expectedFrom(leavers);
console.log(`${leavers.length} leavers from ${source}, worth ${plainMoney(expected.lostMinor, 'EUR')} a year`);

async function run({ name, baseUrl, server, sink, remove }: Ground): Promise<boolean> {
  console.log(`\nOn ${name}`);
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

const results = [];
for (const engine of ['sqlite', 'postgres'] as const) results.push(await run(await ground(engine)));
process.exitCode = results.every(Boolean) ? 0 : 1;
