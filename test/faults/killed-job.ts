import type { Ground } from '../main-job/ground.ts';
import { runJob, type Outcome } from '../main-job/job.ts';
import type { Leaver } from '../main-job/leavers.ts';
import type { Server } from '../main-job/processes.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Killing {
  /** So many times at most. */
  kills: number;
  /** At a random moment within so many milliseconds of the last start. */
  withinMs: number;
}

/** Kills and restarts until told to stop. */
function chaos(server: Server, { kills: most, withinMs }: Killing) {
  let kills = 0;
  let over = false;
  const run = async () => {
    while (!over && kills < most) {
      await pause(Math.random() * withinMs);
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

/** What a killed main job came to. */
interface Counts {
  kills: number;
  mails: number;
  people: number;
  acknowledged: number;
  lost: number;
  /** The wave's own accounts, and their sum, which has to be its recipients. */
  accounts: Record<string, number>;
  accounted: number;
  differences: string[];
}

/** The main job on this ground, with the server killed and started again; the ground is removed at the end. */
export async function killedJob(ground: Ground, leavers: Leaver[], killing: Killing): Promise<Counts> {
  const { baseUrl, server, sink, remove } = ground;
  const killer = chaos(server, killing);
  try {
    const outcome = await runJob({ baseUrl, server, sink, leavers, onStep: () => {}, onReady: killer.begin });
    return counted(outcome, await killer.end());
  } finally {
    await killer.end();
    await server.stop();
    sink.stop();
    await remove();
  }
}

const STATES = ['sent', 'unknown', 'waiting', 'failed', 'cancelled', 'skipped', 'withheld'];

function counted({ acknowledged, lost, mails, accounts, differences }: Outcome, kills: number): Counts {
  return {
    kills,
    mails: mails.length,
    people: new Set(mails.map((mail) => mail.to.join())).size,
    acknowledged: acknowledged.length,
    lost: lost.length,
    accounts,
    accounted: STATES.reduce((sum, state) => sum + (accounts[state] ?? 0), 0),
    differences,
  };
}

/** What must hold whatever the moments were; empty when all of it does. */
export function broken(counts: Counts, leavers: Leaver[]): string[] {
  const { mails, people, lost, accounts, accounted, differences } = counts;
  const { sent = 0, unknown = 0, recipients = 0 } = accounts;
  return [
    ...(mails === people ? [] : [`${mails - people} mails too many`]),
    ...(lost === 0 ? [] : [`${lost} acknowledged answers lost`]),
    ...(accounted === recipients && recipients === leavers.length ? [] : ['the accounts do not add up']),
    ...(people >= sent && people <= sent + unknown ? [] : ['sent says more or less than the mail server']),
    ...differences,
  ];
}
