import { sendDue } from './ours.ts';
import type { Blow } from './plan.ts';
import { quoted, type Run } from './run.ts';

const HOUR = 60 * 60_000;
const MINUTE = 60_000;
/** What the engine says when there is no room, as our log repeats it. */
const FULL = /database or disk is full|SQLITE_FULL|ENOSPC/g;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function underWay({ rows, waves }: Run): Promise<number> {
  const [row] = await rows.all<{ count: number | string }>(
    `select count(*) as count from outgoing_mail where state = 'sending' and subject_id in
      (select id from invitation where wave_id in (${quoted(waves)})
       union select id from reminder where wave_id in (${quoted(waves)}))`,
  );
  return Number(row?.count ?? 0);
}

/** What our processes and their machines suffer while mail goes out. */
export async function blow(run: Run, what: Blow): Promise<void> {
  switch (what) {
    case 'kill -9':
      return await kill(run);
    case 'SIGTERM':
      return await drain(run);
    case 'mail server down for an hour':
      return await outage(run);
    case 'clock set forward':
      await run.time.move({ ms: run.random.between(2, 360) * MINUTE, how: 'set' }, run.processes);
      return run.tally.met(what, Math.max(1, await underWay(run)));
    case 'disk full':
      return await fullDisk(run);
    case 'send-due beside':
    case 'send-due killed':
      return await beside(run, what);
  }
}

async function kill(run: Run): Promise<void> {
  const victim = run.random.pick(run.processes);
  run.killed = true;
  await victim.kill();
  run.tally.met('kill -9', await underWay(run));
  if (run.processes.length > 1) await pause(run.random.between(0, 1500));
  await victim.start();
}

async function drain(run: Run): Promise<void> {
  const one = run.random.pick(run.processes);
  const before = await underWay(run);
  const wrong = await one.stop();
  if (wrong !== undefined) run.problems.push(`told to stop: ${wrong}`);
  const left = await underWay(run);
  if (run.processes.length === 1 && !run.killed && left > 0)
    run.problems.push(`${left} messages were left under way by a server that was told to stop`);
  run.tally.met('SIGTERM', before);
  await one.start();
}

async function outage(run: Run): Promise<void> {
  await run.sink.down();
  await pause(run.random.between(100, 300));
  await run.time.move({ ms: HOUR, how: 'pass' }, run.processes);
  await pause(run.random.between(100, 300));
  const waiting = await run.rows.all(`select id from outgoing_mail where state = 'queued'`);
  run.tally.met('mail server down for an hour', waiting.length);
  await run.sink.up();
}

async function fullDisk(run: Run): Promise<void> {
  const { disk } = run.ground;
  if (!disk) return;
  const said = () => run.processes.map((each) => each.log().match(FULL)?.length ?? 0).reduce((a, b) => a + b, 0);
  const before = said();
  disk.fill();
  const held = await underWay(run);
  await pause(run.random.between(200, 2500));
  disk.free();
  run.tally.met('disk full', said() > before ? Math.max(1, held) : 0);
}

/** The mail server is away until the command has started; then both send. */
async function beside(run: Run, what: 'send-due beside' | 'send-due killed'): Promise<void> {
  await run.sink.down();
  const { ground, time, sink } = run;
  const command = sendDue({ ground, smtpPort: sink.port, time }, run.random.pick(run.processes).baseUrl);
  await pause(run.random.between(1300, 1800));
  await run.sink.up();
  if (what === 'send-due killed') {
    await run.sink.seen(run.sink.tries.length + run.random.between(1, 20), 2500);
    run.killed = true;
    command.kill();
  }
  const wrong = await command.done;
  if (wrong !== undefined) run.problems.push(`${wrong}: ${command.log().slice(-500)}`);
  run.tally.met(what, Math.max(1, what === 'send-due killed' ? await underWay(run) : 1));
}
