import { linkIn } from '../../main-job/job.ts';
import { patiently, Refused, signedIn, type Colleague } from '../../main-job/people.ts';
import { bounceOf, complaintOf } from '../../support/returned.ts';
import { chance } from './chance.ts';
import { STAFF, type Person } from './ground.ts';
import type { Process } from './ours.ts';
import type { Doing } from './plan.ts';
import { mailsOf, type MailRow } from './rows.ts';
import type { Run } from './run.ts';

/** From then on nothing that was not under way may be taken by the mail server any more. */
export interface Silence {
  why: Doing;
  /** For whom; undefined: for all of these mails. */
  email: string | undefined;
  /** Those that may not go, where it is not about a person. */
  waiting: Set<string> | undefined;
  from: number;
  until: number;
  /** Mails as they stood at that moment, by their ids: what was under way may still arrive. */
  before: Map<string, MailRow>;
}

const headers = ({ template }: Run) => ({ authorization: `Bearer ${template.token}` });

/** Asks whichever of our processes answers, again and again, as a program would. */
async function call<T>(run: Run, path: string, init: RequestInit = {}): Promise<T> {
  let turn = run.random.between(0, 1);
  const response = await patiently(() => {
    const { baseUrl } = run.processes[turn++ % run.processes.length] as Process;
    return fetch(`${baseUrl}/api/v1${path}`, { ...init, headers: { ...headers(run), ...init.headers } });
  });
  if (!response.ok) throw new Refused(response.status, `${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const post = <T>(run: Run, path: string, body: unknown) =>
  call<T>(run, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

interface Wave {
  id: string;
  state: string;
  accounts: Record<string, number>;
}

export const waveOf = (run: Run, id: string) => call<Wave>(run, `/waves/${id}`);

/** Makes a wave to these people and starts it. */
export async function startWave(run: Run, people: Person[]): Promise<string> {
  const { senderId: senderAccountId, questionnaireId } = run.template;
  const audience = { references: people.map(({ reference }) => reference) };
  const wave = {
    questionnaireId,
    senderAccountId,
    name: 'Autumn',
    audience,
    reminderDays: run.plan.reminders ? [5] : [],
  };
  const { id } = await post<Wave>(run, '/waves', wave);
  await post(run, `/waves/${id}/start`, { holdMinutes: 0 });
  return id;
}

export async function colleague(run: Run): Promise<Colleague> {
  const { baseUrl } = run.random.pick(run.processes);
  return await signedIn(baseUrl, STAFF.email, STAFF.password);
}

/** @returns whether it was done; what has been overtaken by something else is refused */
async function allowed(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 409) return false;
    throw error;
  }
}

async function silence(run: Run, why: Doing, email: string): Promise<void> {
  const mails = (await mailsOf(run.rows, run.waves)).filter((mail) => mail.email === email);
  const before = new Map(mails.map((mail) => [mail.id, mail]));
  run.silences.push({ why, email, waiting: undefined, from: performance.now(), until: Infinity, before });
  const inTime = mails.length === 0 || mails.some(({ state }) => state !== 'sent');
  run.tally.met(why, inTime ? 1 : 0);
}

/** Somebody whose mail may still be waiting. */
const somebody = (run: Run, who: (person: Person) => boolean): Person | undefined => {
  const some = run.people.filter((person) => who(person) && !run.touched.has(person.email));
  if (some.length === 0) return undefined;
  const person = run.random.pick(some);
  run.touched.add(person.email);
  return person;
};
const hadMail = ({ standing, earlier }: Person) => standing === 'free' && earlier !== undefined;

async function optOut(run: Run, why: Doing, body: string): Promise<void> {
  const person = somebody(run, hadMail);
  if (!person?.earlier) return;
  const { optOut: path } = person.earlier;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status } = await patiently(() =>
    fetch(run.random.pick(run.processes).baseUrl + path, { method: 'POST', body, headers: type }),
  );
  if (status !== 200) throw new Error(`Opting out: ${status}`);
  await silence(run, why, person.email);
}

async function returned(run: Run, why: Doing, raw: Buffer, email: string): Promise<void> {
  const body = new Uint8Array(raw);
  await call(run, '/bounces', { method: 'POST', body, headers: { 'content-type': 'message/rfc822' } });
  await silence(run, why, email);
}

async function earlierReturned(run: Run, why: Doing): Promise<void> {
  const person = somebody(run, hadMail);
  if (!person?.earlier) return;
  const { returnPath } = person.earlier;
  const report = why === 'bounces, of an earlier wave' ? bounceOf : complaintOf;
  await returned(run, why, report(returnPath, person.email), person.email);
}

const taken = (run: Run) => {
  const some = run.sink.tries.filter(({ outcome, to }) => outcome === 'accepted' && !run.touched.has(to));
  const mail = some.length > 0 ? run.random.pick(some) : undefined;
  if (mail) run.touched.add(mail.to);
  return mail;
};

async function bounce(run: Run, why: Doing): Promise<void> {
  const mail = taken(run);
  if (!mail) return;
  run.bounced.add(mail.messageId);
  await returned(run, why, bounceOf(mail.from, mail.to), mail.to);
}

/** The first question is enough: whoever has begun is not asked to begin. */
async function answered(run: Run, why: Doing, email: string, url: string): Promise<void> {
  const page = await (await patiently(() => fetch(url))).text();
  const { origin } = new URL(url);
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) throw new Error('A page without a question');
  const body = new URLSearchParams({ answer: 'The price rose twice in a year.' });
  const given = { method: 'POST', body, headers: { origin }, redirect: 'manual' } as const;
  const { status } = await patiently(() => fetch(new URL(action, origin), given));
  if (status !== 303) throw new Error(`Answering: ${status}`);
  await silence(run, why, email);
}

async function answerByLink(run: Run, why: Doing): Promise<void> {
  const waiting = (await mailsOf(run.rows, run.waves)).filter(
    ({ state, email }) => state === 'queued' && !run.touched.has(email),
  );
  if (waiting.length === 0) return;
  const { invitationId, email } = run.random.pick(waiting);
  run.touched.add(email);
  const { url } = await post<{ url: string }>(run, `/invitations/${invitationId}/link`, {});
  await answered(run, why, email, url);
}

async function answerMail(run: Run, why: Doing): Promise<void> {
  const mail = taken(run);
  if (!mail) return;
  await answered(run, why, mail.to, linkIn({ to: [mail.to], source: mail.source }));
}

/** Nothing that waits goes out until it is resumed; what is under way may. */
async function pause(run: Run, why: Doing): Promise<void> {
  const [id = ''] = run.waves;
  const staff = await colleague(run);
  await staff.get(`/waves/${id}`);
  if (!(await allowed(staff.post(`/waves/${id}/pause`, {})))) return;
  const over = await stillness(run, why);
  await new Promise((resolve) => setTimeout(resolve, run.random.between(50, 600)));
  over();
  await staff.get(`/waves/${id}`);
  await allowed(staff.post(`/waves/${id}/resume`, {}));
}

async function stop(run: Run, why: Doing): Promise<void> {
  const [id = ''] = run.waves;
  const staff = await colleague(run);
  await staff.get(`/waves/${id}`);
  if (await allowed(staff.post(`/waves/${id}/stop`, {}))) await stillness(run, why);
}

async function stillness(run: Run, why: Doing): Promise<() => void> {
  const mails = (await mailsOf(run.rows, run.waves)).filter(({ kind }) => kind === 'invitation');
  const ids = (state: MailRow['state']) => mails.filter((mail) => mail.state === state);
  const entry: Silence = {
    why,
    email: undefined,
    waiting: new Set(ids('queued').map(({ id }) => id)),
    from: performance.now(),
    until: Infinity,
    before: new Map(mails.map((mail) => [mail.id, mail])),
  };
  run.silences.push(entry);
  run.tally.met(why, entry.waiting?.size ?? 0);
  return () => (entry.until = performance.now());
}

/** What customers and colleagues do while mail goes out. */
export async function does(run: Run, what: Doing): Promise<void> {
  switch (what) {
    case 'opts out':
      return await optOut(run, what, 'List-Unsubscribe=One-Click');
    case 'wants no surveys':
      return await optOut(run, what, 'wish=surveys');
    case 'bounces, of an earlier wave':
    case 'complains, of an earlier wave':
      return await earlierReturned(run, what);
    case 'bounces, of this one':
      return await bounce(run, what);
    case 'answers by a link handed over':
      return await answerByLink(run, what);
    case 'answers from the mail':
      return await answerMail(run, what);
    case 'pause and resume':
      return await pause(run, what);
    case 'stop':
      return await stop(run, what);
  }
}

/** Some of what is unknown goes again, each by two people who click at the same moment; some counts as sent. */
export async function decide(run: Run): Promise<void> {
  const mails = await mailsOf(run.rows, run.waves);
  const unknown = mails.filter(({ kind, state }) => kind === 'invitation' && state === 'unknown');
  if (unknown.length === 0) return;
  const invitations = new Map<string, string>();
  for (const id of run.waves)
    for (const row of await run.rows.all<{ id: string }>(`select id from invitation where wave_id = '${id}'`))
      invitations.set(row.id, id);
  const staff = [await colleague(run), await colleague(run)];
  const order = chance(run.plan.seed, 'decisions').shuffled(unknown);
  for (const [number, { id, invitationId }] of order.slice(0, 5).entries()) {
    const decision = number < 3 ? 'again' : 'sent';
    const path = `/waves/${invitations.get(invitationId)}/invitations/${invitationId}/decision`;
    run.decidedAt.set(id, performance.now());
    const done = await Promise.all(staff.map((each) => allowed(each.post(path, { decision }))));
    const count = done.filter(Boolean).length;
    if (decision === 'again') run.again.set(id, (run.again.get(id) ?? 0) + (count > 0 ? 1 : 0));
    else if (count > 0) run.countedAsSent.add(id);
    if (count > 1) run.problems.push(`two people decided about one unknown mail, and both were told that it was done`);
    run.tally.met(`a person decides: ${decision}`, 1);
  }
}
