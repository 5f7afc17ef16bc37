import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { COMMAND } from '../../../src/shared/actor.ts';
import { migrate, openStorage } from '../../../src/storage/index.ts';
import { PASSWORD, SECRET, startApp, type TestApp } from '../../support/app.ts';
import { testClock } from '../../support/clock.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { quickFolder } from '../../support/quick-folder.ts';
import { bounceOf } from '../../support/returned.ts';
import { startSmtp, type SmtpServer } from '../../support/smtp.ts';
import { leavers, newWave, readyToSend } from '../../support/waves.ts';

/** A Tuesday morning in working hours. */
export const NOW = '2026-11-10T08:05:00.000Z';
const SPRING = '2026-03-10T08:05:00.000Z';
const LAST_WEEK = '2026-11-03T08:05:00.000Z';
export const BOUNCE_ADDRESS = 'back@example.com';
export const MAIL_FROM = 'house@example.com';
export const STAFF = { email: 'miriam@example.com', password: PASSWORD };
const HELD_OUT_PERCENT = 20;

/** Why somebody must not be written to, whatever happens; `free`: they may be. */
type Standing = 'free' | 'newcomer' | 'opted out' | 'bounced' | 'no legal basis' | 'over budget' | 'same address';

export interface Person {
  reference: string;
  email: string;
  standing: Standing;
  /** Of the customers, each run asks those of one group, and of that one part or both. */
  group: number;
  part: number;
  /** What they have of an earlier wave: where they opt out, and where a report of it would go. */
  earlier: { optOut: string; returnPath: string } | undefined;
}

/** So many runs find people in one database to whom nothing has happened yet. */
export const GROUPS = 16;
/** In each of two parts so many of each. */
const PART: [Standing, number][] = [
  ['free', 18],
  ['newcomer', 10],
  ['opted out', 2],
  ['bounced', 2],
  ['no legal basis', 1],
  ['over budget', 2],
  ['same address', 1],
];
const PARTS = 2;

/** Ready to be copied: customers, what they got in spring, and a colleague. */
export interface Template {
  engine: 'sqlite' | 'postgres';
  people: Person[];
  token: string;
  senderId: string;
  questionnaireId: string;
  copy(name: string): Promise<Ground>;
  remove(): Promise<void>;
}

/** A database of its own, in a folder of its own. */
export interface Ground {
  directory: string;
  databaseUrl: string;
  secretFile: string;
  /** Leaves no room on its disk, and makes room again; undefined where it has none of its own. */
  disk: { fill(): void; free(): void } | undefined;
  remove(): Promise<void>;
}

function everybody(): Person[] {
  const people: Person[] = [];
  for (let place = 0; place < GROUPS * PARTS; place++) {
    const [group, part] = [Math.floor(place / PARTS), place % PARTS];
    for (const standing of PART.flatMap(([each, count]) => Array<Standing>(count).fill(each))) {
      const reference = `F-${String(people.length).padStart(3, '0')}`;
      const email = `${reference.toLowerCase()}@example.com`;
      people.push({ reference, email, standing, group, part, earlier: undefined });
    }
  }
  // Two customers with one address are one person.
  for (const each of people.filter(({ standing }) => standing === 'same address')) {
    const isNear = ({ group, part }: Person) => group === each.group && part === each.part;
    const other = people.find((one) => one.standing === 'newcomer' && isNear(one));
    each.email = other?.email ?? '';
  }
  return people;
}

const rowOf = ({ reference, email, standing }: Person) => ({
  ...leavers(1)[0],
  reference,
  email,
  familyName: reference,
  ...(standing === 'no legal basis' ? { legalBasis: '', legalBasisSource: '', legalBasisOn: null } : {}),
});

/** @returns what went to whom */
async function waveTo(running: TestApp, smtp: SmtpServer, ready: Ready, people: Person[]): Promise<void> {
  const audience = { references: people.map(({ reference }) => reference) };
  const id = await newWave(running.app, ready, { name: 'Spring', audience, reminderDays: [] });
  await running.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
  await running.app.runDue();
  for (const { from, to, source } of smtp.received.splice(0)) {
    const person = people.find(({ email }) => email === to[0]);
    if (person) person.earlier = { optOut: optOutPath(source), returnPath: from };
  }
}

type Ready = Awaited<ReturnType<typeof readyToSend>>;

/** What the mail program's own button posts to (RFC 8058). */
function optOutPath(source: string): string {
  const folded = source.replace(/\r?\n[ \t]+/g, ' ');
  const href = /^List-Unsubscribe: <([^>]+)>/im.exec(folded)?.[1];
  return href ? new URL(href).pathname : '';
}

async function furnish(databaseUrl: string, people: Person[]) {
  await migrate(databaseUrl);
  const storage = await openStorage(databaseUrl);
  const smtp = await startSmtp();
  const clock = testClock(SPRING);
  const environment = { SMTP_URL: smtp.url, MAIL_FROM, BOUNCE_ADDRESS };
  const running = await startApp(storage, { clock, environment });
  const { app } = running;
  try {
    const ready = await readyToSend(app);
    const standing = (...some: Standing[]) => people.filter((each) => some.includes(each.standing));
    await app.customers.upsertMany(COMMAND, people.map(rowOf) as never);
    await waveTo(running, smtp, ready, standing('free', 'opted out', 'bounced'));
    for (const { earlier } of standing('opted out')) {
      const { status } = await fetch(running.baseUrl + (earlier?.optOut ?? ''), { method: 'POST' });
      if (status !== 200) throw new Error(`Opting out: ${status}`);
    }
    for (const { earlier, email } of standing('bounced'))
      await app.bounces.receive(bounceOf(earlier?.returnPath ?? '', email), 'command');
    clock.set(LAST_WEEK);
    await waveTo(running, smtp, ready, standing('over budget'));
    clock.set(NOW);
    for (const { id } of await app.questionnaires.programmes())
      await app.invitations.holdouts.setShare(COMMAND, id, HELD_OUT_PERCENT);
    const { token } = await app.accounts.createToken({ name: 'faults', role: 'manager' }, COMMAND);
    return { ...ready, token };
  } finally {
    await running.close();
    await smtp.close();
    await storage.close();
  }
}

const secretIn = (directory: string) => {
  const file = join(directory, 'secret');
  writeFileSync(file, Buffer.from(SECRET).toString('hex'), { mode: 0o600 });
  return file;
};

export async function sqliteTemplate(): Promise<Template> {
  const root = mkdtempSync(join(quickFolder(), 'comeback-faults-'));
  const file = join(root, 'template.db');
  const people = everybody();
  return {
    engine: 'sqlite',
    people,
    ...(await furnish(`sqlite:${file}`, people)),
    async copy(name) {
      const directory = join(root, name);
      mkdirSync(directory);
      const mounted = smallDisk(directory);
      copyFileSync(file, join(directory, 'run.db'));
      return {
        directory,
        databaseUrl: `sqlite:${join(directory, 'run.db')}`,
        secretFile: secretIn(directory),
        disk: mounted ? filler(join(directory, 'filler')) : undefined,
        async remove() {
          if (mounted) spawnSync('umount', ['-l', directory]);
          rmSync(directory, { recursive: true, force: true });
        },
      };
    },
    remove: async () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A file system of its own in memory, which only root may have. */
const smallDisk = (directory: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'none', directory]).status === 0;

/** Takes all the room that is left; what is written then says ENOSPC. */
function filler(file: string) {
  return {
    fill: () => void spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=4k'], { stdio: 'ignore' }),
    free: () => rmSync(file, { force: true }),
  };
}

export async function postgresTemplate(): Promise<Template> {
  const root = mkdtempSync(join(quickFolder(), 'comeback-faults-'));
  const cluster = await startCluster();
  const people = everybody();
  await administer(cluster, 'create database ground');
  return {
    engine: 'postgres',
    people,
    ...(await furnish(cluster.url('ground'), people)),
    async copy(name) {
      const directory = join(root, name);
      mkdirSync(directory);
      await administer(cluster, `create database ${name} template ground`);
      return {
        directory,
        databaseUrl: cluster.url(name),
        secretFile: secretIn(directory),
        disk: undefined,
        async remove() {
          await administer(cluster, `drop database ${name} with (force)`);
          rmSync(directory, { recursive: true, force: true });
        },
      };
    },
    async remove() {
      await cluster.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function administer(cluster: Cluster, statement: string): Promise<void> {
  const client = new pg.Client(cluster.url('postgres'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
