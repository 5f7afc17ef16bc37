import { leavingPageFigures, csvFigures, type Figures } from './figures.ts';
import { customersFile, expectedFrom, keyOf, purchasesFile, type Expected, type Leaver } from './leavers.ts';
import { answer, patiently, Refused, signedIn, type Acknowledged, type Colleague } from './people.ts';
import type { Mail, Server, Sink } from './processes.ts';

const PASSWORD = 'a long pass phrase';
const EMAIL = 'administrator@example.com';
const AT_A_TIME = 16;

interface Job {
  baseUrl: string;
  server: Server;
  sink: Sink;
  leavers: Leaver[];
  /** Called as each step ends, with how many things it did. */
  onStep(name: string, count: number, seconds: number): void;
  /** From then on the server may be killed and started again. */
  onReady?(): void;
}

export interface Outcome {
  /** Every first answer that the server said it had saved. */
  acknowledged: Acknowledged[];
  /** Those of them that the server does not have, word for word, when asked at the end. */
  lost: Acknowledged[];
  mails: Mail[];
  /** The wave's own accounts at the end. */
  accounts: Record<string, number>;
  differences: string[];
}

interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** The whole main job, from empty database to report, as its people would do it. */
export async function runJob(job: Job): Promise<Outcome> {
  const { server, sink, leavers, baseUrl } = job;
  const step = stepper(job.onStep);
  await server.start();
  const accounts = await step('make accounts and a token', 2, async () => makeAccounts(server));
  const api = client(baseUrl, accounts.token);
  job.onReady?.();
  const staff = await step('sign in, approve the languages', 1, async () => approved(baseUrl));
  await step('import customers', leavers.length, () =>
    importFile(staff, 'customers', customersFile(leavers), {
      legalBasis: 'contract',
      legalBasisSource: 'terms of service',
      legalBasisOn: '2020-01-01',
    }),
  );
  const purchases = purchasesFile(leavers);
  await step('import purchases', purchases.split('\r\n').length - 2, () =>
    importFile(staff, 'purchases', purchases, {}),
  );
  await step("make the file's categories the codebook", 5, () => setCodebook(api, leavers));
  const waveId = await step('start the wave', 1, () => startWave(api, accounts.id));
  const sent = await step('send the invitations', leavers.length, () => allSent(api, waveId));
  const acknowledged: Acknowledged[] = [];
  const answered = await step('answer from the mails', leavers.length, () =>
    answerAll(sink, leavers, sent, (saved) => acknowledged.push(saved)),
  );
  await step('code every response', answered.length, () => codeAll(api, leavers, waveId));
  const differences = await step('read the report three ways', 3, () => compare(api, staff, leavers, answered));
  const lost = await step('look for every acknowledged answer', acknowledged.length, () =>
    missing(api, waveId, acknowledged),
  );
  const { accounts: counted } = await api.get<WaveStatus>(`/waves/${waveId}`);
  return { acknowledged, lost, mails: sink.mails, accounts: counted, differences };
}

function stepper(onStep: Job['onStep']) {
  return async <T>(name: string, count: number, body: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await body();
    onStep(name, count, (performance.now() - start) / 1000);
    return result;
  };
}

function makeAccounts(server: Server): { id: string; token: string } {
  const id = server.command(
    ['create-user', '--email', EMAIL, '--name', 'Ingrid Solheim', '--role', 'administrator', '--password-stdin'],
    PASSWORD,
  );
  return { id, token: server.command(['create-token', '--name', 'main job', '--role', 'manager']) };
}

function client(baseUrl: string, token: string): Api {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const response = await patiently(() => fetch(`${baseUrl}/api/v1${path}`, { ...init, headers }));
    const body: unknown = await response.json();
    if (!response.ok) throw new Refused(response.status, `${path}: ${response.status} ${JSON.stringify(body)}`);
    return body as T;
  }
  return {
    get: (path) => call(path, {}),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

async function approved(baseUrl: string): Promise<Colleague> {
  const staff = await signedIn(baseUrl, EMAIL, PASSWORD);
  await staff.get('/settings/languages');
  await staff.post('/settings/languages', {});
  return staff;
}

const IMPORT_BUTTON = /<form method="post" action="([^"]+)" class="row">/;
const UNDO_BUTTON = /<form method="post" action="[^"]+" class="row noprint">/;

/** Uploads, checks, imports, as the screens lead. */
async function importFile(
  staff: Colleague,
  kind: string,
  content: string,
  basis: Record<string, string>,
): Promise<void> {
  await staff.get(`/customers/imports/new?kind=${kind}`);
  const { path } = await staff.upload('/customers/imports', { kind, ...basis }, { name: `${kind}.csv`, content });
  const go = await until(async () => IMPORT_BUTTON.exec(await staff.get(path))?.[1]);
  await onlyOnce(staff.post(go, {}));
  await until(async () => UNDO_BUTTON.test(await staff.get(path)) || undefined);
}

/** Where the first try was done but its answer was lost, the second is told that there is nothing left to do. */
async function onlyOnce(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!(error instanceof Refused && error.status === 409)) throw error;
  });
}

async function setCodebook(api: Api, leavers: Leaver[]): Promise<void> {
  const categories = [...new Set(leavers.map((each) => each.category))];
  const codes = categories.map((category) => ({
    key: keyOf(category),
    name: { en: category },
    kind: category === 'Other' ? 'other' : 'reason',
  }));
  await api.post('/codebooks/leaving', { codes });
}

async function startWave(api: Api, senderAccountId: string): Promise<string> {
  const { items } = await api.get<{ items: { id: string; programme: string }[] }>('/questionnaires');
  const questionnaireId = items.find((each) => each.programme === 'leaving')?.id;
  const wave = { questionnaireId, name: 'Why did you leave?', audience: { status: 'left' }, senderAccountId };
  const { id } = await api.post<{ id: string }>('/waves', wave);
  await onlyOnce(api.post(`/waves/${id}/start`, { holdMinutes: 0 }));
  return id;
}

interface WaveStatus {
  state: string;
  accounts: Record<string, number>;
}

async function allSent(api: Api, waveId: string): Promise<WaveStatus> {
  return await until(async () => {
    const wave = await api.get<WaveStatus>(`/waves/${waveId}`);
    return wave.state === 'finished' && wave.accounts.waiting === 0 ? wave : undefined;
  }, 180);
}

/** Every mail received, its link followed, its questions answered with the row's reason. Returns who answered. */
async function answerAll(
  sink: Sink,
  leavers: Leaver[],
  { accounts }: WaveStatus,
  onSaved: (saved: Acknowledged) => void,
): Promise<Leaver[]> {
  await until(async () => sink.mails.length >= (accounts.sent ?? 0) || undefined);
  const byAddress = new Map(leavers.map((each) => [each.email, each]));
  const waiting = sink.mails.values();
  const answered = new Set<Leaver>();
  const person = async () => {
    for (const mail of waiting) {
      const leaver = byAddress.get(mail.to[0] ?? '');
      if (!leaver) throw new Error('A mail to nobody we know');
      await answer(linkIn(mail), leaver.reason, onSaved);
      answered.add(leaver);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, person));
  return [...answered];
}

/** The personal link in the message's text, quoted-printable undone. */
export function linkIn({ source }: Mail): string {
  const text = source.replace(/=\r?\n/g, '').replace(/=3D/g, '=');
  const link = /https?:\/\/[^\s"<>]+\/q\/[\w-]+/.exec(text)?.[0];
  if (!link) throw new Error('A mail without a link');
  return link;
}

interface List<T> {
  items: T[];
  next: string | null;
}

async function* all<T>(api: Api, path: string): AsyncGenerator<T[]> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const joint = path.includes('?') ? '&' : '?';
    const part: List<T> = await api.get<List<T>>(
      `${path}${joint}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    yield part.items;
    cursor = part.next;
  }
}

async function codeAll(api: Api, leavers: Leaver[], waveId: string): Promise<void> {
  const categories = new Map(leavers.map((each) => [each.reference, keyOf(each.category)]));
  const keys = new Map<string, string>();
  for await (const part of all<{ id: string; reference: string }>(api, '/customers')) {
    for (const { id, reference } of part) keys.set(id, categories.get(reference) ?? '');
  }
  for await (const part of all<{ id: string; customerId: string }>(api, `/responses?waveId=${waveId}`)) {
    for (let i = 0; i < part.length; i += 100) {
      const codings = part.slice(i, i + 100).map(({ id, customerId }) => {
        const key = keys.get(customerId) ?? '';
        return { responseId: id, codes: [key], main: key };
      });
      await api.post('/codings', { codings });
    }
  }
}

/** Asks the interface for every response and looks for what its people were told is saved. */
async function missing(api: Api, waveId: string, acknowledged: Acknowledged[]): Promise<Acknowledged[]> {
  interface Item {
    invitationId: string;
    answers: { question: string; value: { kind: string; text?: string } }[];
  }
  const kept = new Map<string, string>();
  for await (const part of all<Item>(api, `/responses?waveId=${waveId}`)) {
    for (const { invitationId, answers } of part) {
      kept.set(invitationId, answers.find((each) => each.question === 'happened')?.value.text ?? '');
    }
  }
  return acknowledged.filter(({ invitationId, text }) => kept.get(invitationId) !== text);
}

/** Reasons are known of those who answered; all who left are in the total. */
async function compare(api: Api, staff: Colleague, leavers: Leaver[], answered: Leaver[]): Promise<string[]> {
  const { rows } = expectedFrom(answered);
  const expected = { ...expectedFrom(leavers), rows };
  interface Report {
    leavers: number;
    lostMinor: number;
    reasons: { key: string; count: number; lostMinor: number }[];
    unknown: { count: number; lostMinor: number };
  }
  const report = await api.get<Report>('/reports/leaving');
  const fromApi: Figures = {
    total: { count: report.leavers, lostMinor: report.lostMinor },
    rows: new Map(report.reasons.map(({ key, count, lostMinor }) => [key, { count, lostMinor }])),
  };
  return [
    ...differences('interface', fromApi, expected.rows, expected),
    ...differences('CSV', csvFigures(await staff.get('/leaving.csv')), expected.rows, expected),
    ...differences('screen', leavingPageFigures(await staff.get('/leaving')), expected.rows, expected),
  ];
}

function differences(
  where: string,
  figures: Figures,
  rows: Expected[],
  total: { count: number; lostMinor: number },
): string[] {
  const wrong = rows.flatMap(({ key, count, lostMinor }) => {
    const found = figures.rows.get(key);
    return found?.count === count && found.lostMinor === lostMinor
      ? []
      : [`${where}: ${key} is ${JSON.stringify(found)}, not ${count} and ${lostMinor}`];
  });
  const { count, lostMinor } = figures.total;
  return count === total.count && lostMinor === total.lostMinor
    ? wrong
    : [...wrong, `${where}: the total is ${count} and ${lostMinor}`];
}

/** Asks again until there is an answer; at most so many seconds. */
async function until<T>(ask: () => Promise<T | undefined>, seconds = 120): Promise<T> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`Not within ${seconds} seconds`);
}
