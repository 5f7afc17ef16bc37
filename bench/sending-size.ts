/** What a wave takes by the number of its recipients: memory to send it, and what its start costs those who answer. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { percentile, temporary } from './measure.ts';
import { send } from './send.ts';
import { addCustomers, openHouse, readyToSend, startWave, type Ready, type Sink } from './sending-house.ts';

interface Took {
  seconds: number;
  /** Megabytes at the worst moment. */
  peak: number;
}

interface Done {
  before: { own: number; heap: number };
  enrolled: Took;
  sent?: Took;
  after: { own: number; heap: number };
}

interface Worker {
  baseUrl: string;
  /** Starts the wave of a segment, enrols everybody, and sends it where it is told so. */
  run(segment: string, send: boolean): Promise<Done>;
  stop(): Promise<void>;
}

/** As a server that has been started by `npm start`. */
const AS_STARTED = ['--min-semi-space-size=4', '--max-semi-space-size=8', '--heap-growing-percent=30'];

async function startWorker(databaseUrl: string, sink: Sink, { senderId, questionnaireId }: Ready): Promise<Worker> {
  const file = join(import.meta.dirname, 'sending-process.ts');
  const args = [databaseUrl, String(sink.port), senderId, questionnaireId];
  const child: ChildProcess = fork(file, args, { execArgv: ['--expose-gc', ...AS_STARTED] });
  const said = <T>() => new Promise<T>((heard) => child.once('message', (words) => heard(words as T)));
  const { baseUrl } = await said<{ baseUrl: string }>();
  return {
    baseUrl,
    run: (segment, send) => {
      const done = said<Done>();
      child.send({ segment, send });
      return done;
    },
    stop: () => {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill();
      return gone;
    },
  };
}

const megabytes = (value: number) => `${value.toFixed(0)} MB`;
const seconds = (value: number) => `${value.toFixed(1)} s`;

/** Each size in a process that has done nothing before. */
export async function measureMemory(sink: Sink, sizes: number[]): Promise<void> {
  console.log('\nMemory while one wave is enrolled and sent');
  for (const size of sizes) {
    const room = temporary();
    const url = `sqlite:${room.path('memory.db')}`;
    const house = await openHouse(url, { sinkPort: sink.port });
    const ready = await readyToSend(house.app);
    await addCustomers(house.app, 'all', size, 0);
    await house.close();
    const worker = await startWorker(url, sink, ready);
    const { before, enrolled, sent, after } = await worker.run('all', true);
    const { messages } = await sink.taken();
    if (messages !== size) throw new Error(`${messages} of ${size} have arrived`);
    const peak = `at most ${megabytes(enrolled.peak)} enrolling, ${megabytes(sent?.peak ?? 0)} sending`;
    const heap = `heap ${megabytes(before.heap)} before, ${megabytes(after.heap)} after`;
    const took = `enrolled in ${seconds(enrolled.seconds)}, sent in ${seconds(sent?.seconds ?? 0)}`;
    console.log(`  ${String(size).padStart(6)} recipients: ${megabytes(before.own)} before, ${peak}; ${heap}; ${took}`);
    await worker.stop();
    room.remove();
  }
}

const RESPONDENTS = 40_000;
const CALLERS = 8;
const PAUSE_MS = 20;
const QUIET_MS = 10_000;

const WORDS = new URLSearchParams({ answer: 'The machine leaks, and nobody called back. I rang three times.' });

/** Customers who open their question and answer it, a few at a time, until it is over. */
async function answering(links: Iterator<string>, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  const caller = async () => {
    while (!over) {
      const link = links.next().value as string;
      for (const form of [undefined, WORDS.toString()]) {
        const start = performance.now();
        const { status } = await send(form === undefined ? link : `${link}/happened`, form);
        times.push(performance.now() - start);
        if (status >= 400) throw new Error(`Answered with ${status}`);
      }
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
  };
  void until.then(() => (over = true));
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return times;
}

/** The start of a wave, and what those notice of it who answer meanwhile. */
export async function measureStart(sink: Sink, size: number): Promise<void> {
  const room = temporary();
  const url = `sqlite:${room.path('start.db')}`;
  const house = await openHouse(url, { sinkPort: sink.port });
  const ready = await readyToSend(house.app);
  await addCustomers(house.app, 'answering', RESPONDENTS, 0);
  await addCustomers(house.app, 'large', size, RESPONDENTS);
  await startWave(house.app, ready, 'answering', 60);
  await house.app.invitations.work();
  const invitations = await house.storage.read.selectFrom('invitation').select('id').execute();
  const paths = invitations.map(({ id }) => new URL(house.app.invitations.linkFor(id)).pathname);
  await house.close();
  const worker = await startWorker(url, sink, ready);
  const links = paths.map((path) => worker.baseUrl + path).values();
  const wait = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
  await answering(links, wait(QUIET_MS / 2));
  const quiet = await answering(links, wait(QUIET_MS));
  const started = worker.run('large', false);
  const during = await answering(links, started);
  const { before, enrolled } = await started;
  const shown = (times: number[]) =>
    `p50 ${percentile(times, 0.5).toFixed(1)}, p99 ${percentile(times, 0.99).toFixed(1)} ms`;
  console.log(`\nStart of a wave for ${size} customers, while others answer (${CALLERS} at a time)`);
  console.log(
    `  everybody enrolled in ${seconds(enrolled.seconds)}, ${megabytes(before.own)} before, at most ${megabytes(enrolled.peak)}`,
  );
  console.log(`  answering: ${shown(quiet)} before it, ${shown(during)} during it`);
  await worker.stop();
  room.remove();
}
