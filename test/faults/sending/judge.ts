import { colleague } from './people.ts';
import type { Person } from './ground.ts';
import { invitationsOf, mailsOf, type InvitationRow, type MailRow } from './rows.ts';
import { quoted, type Run } from './run.ts';
import type { Try } from './sink.ts';

/** What a run came to, seen from outside: the mail server's own list against what we say. */
export interface Verdict {
  /** What must not be; empty when all is well. */
  problems: string[];
  /** Recipients of all waves, by what became of them. */
  outcomes: Record<string, number>;
  messages: number;
  accepted: number;
  doubles: number;
  lost: number;
}

const BARRED = new Set<Person['standing']>(['opted out', 'bounced', 'no legal basis', 'over budget']);
/** So many tries until one gives up. */
const TRIES = 9;

interface Evidence {
  run: Run;
  mails: MailRow[];
  invitations: InvitationRow[];
  /** The Message-ID of everything that we know of. */
  ours: ReadonlySet<string>;
  accepted: Try[];
  acceptedOf(messageId: string): Try[];
  triesTo(email: string): Try[];
}

export async function judge(run: Run): Promise<Verdict> {
  const mails = await mailsOf(run.rows, run.waves);
  const ours = await run.rows.all<{ messageId: string }>(`select message_id as "messageId" from outgoing_mail`);
  const invitations = await invitationsOf(run.rows, run.waves);
  const accepted = run.sink.tries.filter(({ outcome }) => outcome === 'accepted');
  const byMessage = Map.groupBy(accepted, ({ messageId }) => messageId);
  const byAddress = Map.groupBy(run.sink.tries, ({ to }) => to);
  const evidence: Evidence = {
    run,
    mails,
    invitations,
    ours: new Set(ours.map(({ messageId }) => messageId)),
    accepted,
    acceptedOf: (messageId) => byMessage.get(messageId) ?? [],
    triesTo: (email) => byAddress.get(email) ?? [],
  };
  for (const [name, times] of run.sink.met) run.tally.met(name, times);
  const senders = new Set(mails.flatMap(({ claimedBy }) => claimedBy ?? []));
  if (run.processes.length > 1 && senders.size > 1) run.tally.met('two processes sending', mails.length);

  const twice = doubles(evidence);
  const missing = lost(evidence);
  const outcomes: Record<string, number> = {};
  for (const { delivery } of invitations) outcomes[delivery] = (outcomes[delivery] ?? 0) + 1;
  const problems = [
    ...run.problems,
    ...twice,
    ...missing,
    ...silenced(evidence),
    ...barred(evidence),
    ...explained(evidence),
    ...atRest(evidence),
    ...agreeing(evidence),
  ];
  return {
    problems,
    outcomes,
    messages: mails.length,
    accepted: accepted.length,
    doubles: twice.length,
    lost: missing.length,
  };
}

/** Nobody gets the same twice, but by a named person's decision. */
function doubles({ run, mails, accepted, acceptedOf }: Evidence): string[] {
  const known = new Map(mails.map((mail) => [mail.messageId, mail]));
  const again = (some: MailRow[]) => some.reduce((sum, { id }) => sum + (run.again.get(id) ?? 0), 0);
  const problems = mails
    .filter((mail) => acceptedOf(mail.messageId).length > 1 + again([mail]))
    .map(({ messageId, email, state }) => `${email} got ${messageId} ${acceptedOf(messageId).length} times (${state})`);
  for (const [email, theirs] of Map.groupBy(accepted, ({ to }) => to)) {
    for (const kind of ['invitation', 'invitations.reminder']) {
      const got = [...new Set(theirs.map(({ messageId }) => messageId))].filter((id) => known.get(id)?.kind === kind);
      const all = mails.filter((mail) => mail.email === email && mail.kind === kind);
      if (got.length > 1 + again(all)) problems.push(`${email} got ${got.length} mails of kind ${kind}`);
    }
  }
  return problems;
}

/** What was taken counts as sent or as unknown, and what counts as sent was taken. */
function lost({ run, mails, ours, accepted, acceptedOf }: Evidence): string[] {
  const decided = ({ id }: MailRow) => run.again.has(id);
  const strays = accepted.filter(({ messageId }) => !ours.has(messageId));
  const notCounted = mails.filter(
    (mail) => acceptedOf(mail.messageId).length > 0 && !['sent', 'unknown'].includes(mail.state) && !decided(mail),
  );
  const neverTaken = mails.filter(
    ({ id, state, messageId }) =>
      state === 'sent' &&
      acceptedOf(messageId).length === 0 &&
      !run.countedAsSent.has(id) &&
      !run.bounced.has(messageId),
  );
  return [
    ...strays.map(({ to, messageId }) => `${to} got ${messageId}, of which we know nothing`),
    ...notCounted.map(({ email, state }) => `${email} got a mail that counts as ${state}`),
    ...neverTaken.map(({ email }) => `${email} got nothing, and it counts as sent`),
  ];
}

/** Of what another process counts as unknown, because the clock jumped past a lease, its own may still hand over. */
const UNDER_WAY = new Set<MailRow['state']>(['sending', 'unknown']);

/** After somebody opted out, bounced or answered, only what was under way at that moment may have gone. */
function silenced({ run, mails, accepted }: Evidence): string[] {
  const known = new Map(mails.map((mail) => [mail.messageId, mail]));
  return run.silences.flatMap(({ why, email, waiting, from, until, before }) =>
    accepted.flatMap(({ to, at, messageId }) => {
      const mail = known.get(messageId);
      if (!mail || at <= from || at >= until) return [];
      if (waiting ? !waiting.has(mail.id) : to !== email) return [];
      const was = before.get(mail.id);
      // A later claim hides the one of that moment; only a person's decision leads to one after a message was taken.
      const isSameClaim = was?.claimedAt === mail.claimedAt || at < (run.decidedAt.get(mail.id) ?? 0);
      if (was && UNDER_WAY.has(was.state) && isSameClaim) return [];
      return [`${to} got a ${mail.kind} (then ${was?.state}) ${Math.round(at - from)} ms after: ${why}`];
    }),
  );
}

/** Whoever was not to be written to from the beginning got nothing and is accounted for as skipped. */
function barred({ run, invitations, accepted }: Evidence): string[] {
  const people = run.people.filter(({ standing }) => BARRED.has(standing));
  const got = new Set(accepted.map(({ to }) => to));
  const written = people.filter(({ email }) => got.has(email));
  const references = new Set(people.map(({ reference }) => reference));
  const notSkipped = invitations.filter(
    ({ reference, delivery }) => references.has(reference) && delivery !== 'skipped',
  );
  const kept = invitations.filter(({ delivery }) => delivery === 'withheld').map(({ email }) => email);
  // An address of two customers may be held out for one of them, and has been asked as the other.
  const shared = new Set(run.people.filter(({ standing }) => standing === 'same address').map(({ email }) => email));
  return [
    ...written.map(({ email, standing }) => `${email} got a mail: ${standing}`),
    ...notSkipped.map(({ email, delivery }) => `${email} counts as ${delivery}`),
    ...kept
      .filter((email) => got.has(email) && !shared.has(email))
      .map((email) => `${email} was held out and got a mail`),
  ];
}

/** Failed only where the server said no, unknown only where nobody can know. */
function explained({ run, mails, triesTo, acceptedOf }: Evidence): string[] {
  const alone =
    run.processes.length === 1 && !run.killed && !run.plan.blows.some(({ what }) => what === 'send-due beside');
  return mails.flatMap(({ id, state, email, attempts, lastError, messageId }) => {
    if (run.again.has(id)) return [];
    const tries = triesTo(email);
    const refused = tries.some(({ outcome }) => outcome === 'refused');
    const givenUp = attempts >= TRIES && tries.filter(({ outcome }) => outcome === 'later').length >= TRIES;
    if (state === 'failed' && !refused && !givenUp) return [`${email} failed without a reason: ${lastError}`];
    if (state !== 'unknown') return [];
    if (lastError === 'interrupted') return alone ? [`${email} is unknown though nothing died`] : [];
    const open = acceptedOf(messageId).length > 0 || tries.some(({ outcome, inBody }) => outcome === 'lost' && inBody);
    return open ? [] : [`${email} is unknown though the message was never handed over: ${lastError}`];
  });
}

/** Nothing waits and nothing is under way. */
const atRest = ({ mails }: Evidence): string[] =>
  mails
    .filter(({ state }) => state === 'queued' || state === 'sending')
    .map(({ email, state, lastError }) => `${email} is still ${state} (${lastError})`);

/** Invitation, mail and contact budget tell the same story, and nobody is missing. */
function agreeing({ run, mails, invitations }: Evidence): string[] {
  const states = new Map(
    mails.filter(({ kind }) => kind === 'invitation').map((mail) => [mail.invitationId, mail.state]),
  );
  const people = new Set(run.people.map(({ reference }) => reference));
  const isWhole = run.waves.every((id) => invitations.filter(({ waveId }) => waveId === id).length === people.size);
  const stopped = run.silences.some(({ why }) => why === 'stop');
  return [
    ...(isWhole || stopped ? [] : ['a recipient is missing']),
    ...invitations.flatMap(({ id, email, delivery, progress, counted, released }) => {
      const state = states.get(id);
      if (state === undefined)
        return ['skipped', 'withheld'].includes(delivery) ? [] : [`${email} is ${delivery} without a mail`];
      if (state !== delivery) return [`${email} is ${delivery}, their mail ${state}`];
      const counts = counted === 1 && released === null;
      // Whoever had begun to answer by a link that a colleague gave them was asked, whatever became of their mail.
      const should = ['sent', 'unknown'].includes(state) || progress !== 'none';
      return counts === should ? [] : [`${email} is ${state}, and that ${counts ? 'uses' : 'does not use'} the budget`];
    }),
  ];
}

/** What the wave's own page says, number by number, its total last. */
export async function pageOf(run: Run): Promise<{ parts: number; total: number; recipients: number }> {
  const [id = ''] = run.waves;
  const page = await (await colleague(run)).get(`/waves/${id}`);
  const ledger = /<table class="dense ledger reflow">([\s\S]*?)<\/table>/.exec(page)?.[1] ?? '';
  const figures = [...ledger.matchAll(/<td class="num fig">([\d.,\s]+)<\/td>/g)].map(([, figure]) =>
    Number((figure ?? '').replace(/\D/g, '')),
  );
  const [total = 0, parts] = [figures.at(-1), figures.slice(0, -1)];
  const [row] = await run.rows.all<{ count: number | string }>(
    `select count(*) as count from invitation where wave_id in (${quoted([id])})`,
  );
  return { parts: parts.reduce((a, b) => a + b, 0), total, recipients: Number(row?.count ?? 0) };
}
