import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planAnswers } from '../../src/demo/answers.ts';
import { bothYears } from '../../src/demo/plan.ts';
import { loadDemoContent } from '../../src/demo/content.ts';
import { generateCompany } from '../../src/demo/generate.ts';
import type { Sample } from '../../src/demo/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { Conflict } from '../../src/shared/errors.ts';
import { openStorage, type Schema, type Storage } from '../../src/storage/index.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { addMonths } from '../../src/shared/dates.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onEngines } from '../support/engines.ts';
import { barsSaid } from '../support/page-parts.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';

const NOW = '2026-11-23T09:20:00.000Z';
const PASSWORD = 'morgens um sieben';
const MINUTES = 60_000;

const content = loadDemoContent();
const company = generateCompany({ today: NOW.slice(0, 10) }, content);
const plan = planAnswers(company, content);
const both = bothYears(plan);
const former = company.former.customers.length;
const yearAgo = addMonths(NOW.slice(0, 10), -12);

// On PostgreSQL it takes a tenth of all tests' time: there it is loaded where every change is checked (.ci/run). What it
// calls is tested on both engines, part by part.
const engine = process.env.SAMPLE_ON === 'postgres' ? 'postgres' : 'sqlite';

onEngines([engine], (on) => {
  const { storage } = on;
  let app: TestApp;
  let sample: Sample;
  beforeAll(async () => {
    app = await startApp(storage(), { clock: testClock(NOW) });
    sample = await app.app.demo.loadSample(COMMAND, { password: PASSWORD });
  }, 5 * MINUTES);
  afterAll(() => app.close());

  const count = async (table: keyof Schema, where: Record<string, string> = {}) => {
    // Any one table stands for all: a union of them all takes the compiler ten seconds.
    let query = storage()
      .read.selectFrom(table as 'customer')
      .select((eb) => eb.fn.countAll<number>().as('count'));
    for (const [column, value] of Object.entries(where)) query = query.where(column as never, '=', value as never);
    return (await query.executeTakeFirstOrThrow()).count;
  };

  describe('the sample company', () => {
    test('has 700 customers, of whom 140 left in a year, worth 42,000, and those who had left before', async () => {
      expect(await count('customer')).toBe(700 + former);
      expect(await count('customer', { status: 'left' })).toBe(140 + former);
      const { leavers, lostMinor } = await app.app.reports.leaving({});
      expect([leavers, lostMinor]).toEqual([140, 4_200_000]);
      const facts = (await app.app.insight.value.report()).night?.facts;
      expect([facts?.base, facts?.lost]).toEqual([700, 140]);
    });

    test('tells what has changed since the year before: one reason of many at least, most not, and how many left', async () => {
      const changes = await app.app.reports.changes({});
      expect(changes.map(({ key, reason }) => `${key} ${reason?.key ?? ''}`.trim())).toEqual(
        expect.arrayContaining(['changes.leavers.up.returned', 'changes.reason.down responsiveness']),
      );
      // Which answers are checked hangs on ids, and so does what a reason at the edge does: most is all that always holds.
      const reasons = new Set(both.leaving.people.map(({ coding }) => coding?.main));
      expect(changes.filter(({ about }) => about === 'reason').length).toBeLessThan(reasons.size / 2);
    });

    test('has had its answers checked, so that shares keep their intervals once the engine has read the rest', async () => {
      const rows = await storage()
        .read.selectFrom('coding_task')
        .innerJoin('leaver', 'leaver.response_id', 'coding_task.response_id')
        .select('state')
        .where('question_key', '=', 'happened')
        .where('inclusion', 'is not', null)
        .where('left_on', '>', yearAgo)
        .execute();
      const checked = rows.filter(({ state }) => state === 'coded').length;
      expect([checked >= 60, rows.length > checked]).toEqual([true, true]);
      expect(await count('double_coding', { state: 'agreed' })).toBeGreaterThan(0);
    });

    test('keeps purchases, invoices and dealings, all of them', async () => {
      expect(await count('purchase')).toBe(company.purchases.length + company.former.purchases.length);
      expect(await count('invoice')).toBe(company.invoices.length);
      expect(await count('dealing')).toBe(company.dealings.length);
    });

    test('knows of everybody who left whether the reason is known, as planned', async () => {
      const rows = await storage()
        .read.selectFrom('leaver')
        .select(['knowledge', 'response_id'])
        .where('left_on', '>', yearAgo)
        .execute();
      const found = Map.groupBy(rows, ({ knowledge }) => knowledge);
      const of = (knowledge: Schema['leaver']['knowledge']) => found.get(knowledge)?.length ?? 0;
      const { people } = plan.leaving;
      const unsure = people.filter(({ coding }) => coding?.main === 'unknown').length;
      const coded = people.filter(({ coding }) => coding !== null).length;
      expect(coded - unsure).toBeGreaterThanOrEqual(60);
      // Some were not asked and said it on the telephone.
      const told = rows.filter(({ knowledge, response_id }) => knowledge === 'known' && response_id === null).length;
      expect([of('known'), of('does_not_know')]).toEqual([coded - unsure + told, unsure]);
      expect(of('not_coded')).toBe(people.filter(({ outcome, coding }) => outcome === 'answered' && !coding).length);
      const unasked = people.filter(({ outcome }) => outcome === 'not_asked').length;
      expect(of('not_asked') + of('withheld') + told).toBe(unasked);
      expect(of('no_answer')).toBe(140 - coded - of('not_coded') - unasked);
    });

    test('has its answers and codings at their own times', async () => {
      const { read } = storage();
      const responses = await read.selectFrom('response').selectAll().execute();
      // What is asked around deliveries, by itself or by hand, is told apart from the plan.
      const runs = await read
        .selectFrom('wave')
        .innerJoin('questionnaire_version', 'questionnaire_version.id', 'wave.questionnaire_version_id')
        .innerJoin('schedule', 'schedule.questionnaire_id', 'questionnaire_version.questionnaire_id')
        .select('wave.id')
        .execute();
      const around = new Set(runs.map(({ id }) => id));
      const times = responses
        .filter(({ wave_id }) => !around.has(wave_id))
        .map(({ submitted_at }) => submitted_at)
        .filter((each) => each !== null);
      const answers = [...both.leaving.people, ...both.satisfaction.people].filter(
        (each) => each.outcome === 'answered',
      );
      expect(times.sort()).toEqual(answers.map(({ answer }) => answer?.answered_at ?? '').sort());
      const codings = await read.selectFrom('coding').selectAll().where('coder_kind', '=', 'colleague').execute();
      expect(codings.length).toBeGreaterThan(300);
      const submitted = new Map(responses.map(({ id, submitted_at }) => [id, submitted_at ?? '~']));
      for (const { response_id, created_at, account_id } of codings) {
        expect(created_at > (submitted.get(response_id) ?? '~') && created_at < NOW).toBe(true);
        expect(account_id).not.toBeNull();
      }
    });

    test('was told by enough customers how a delivery went to say something about service', async () => {
      for (const job of app.app.insight.satisfaction.jobs) await job();
      const { measures, moments, questions, low } = await app.app.insight.satisfaction.report({});
      const bases = new Map(measures.map(({ measure, base }) => [measure, base]));
      expect(bases.get('service')).toBeGreaterThanOrEqual(100);
      expect(bases.get('satisfaction')).toBe(
        plan.satisfaction.people.filter(({ outcome }) => outcome === 'answered').length,
      );
      const service = measures.find(({ measure }) => measure === 'service')?.trend;
      expect(service?.grain).toBe('quarter');
      expect(service?.points.filter(({ base }) => base >= 30).length).toBeGreaterThanOrEqual(3);
      expect(moments.find(({ moment }) => moment === 'before')?.base).toBeGreaterThanOrEqual(15);
      expect(questions.some(({ part, themes }) => part === 'after' && themes.length > 2)).toBe(true);
      expect(low?.themes.some(({ told }) => told)).toBe(true);
    });

    test('wrote to nobody in the past through a queue, and accounts for every recipient', async () => {
      const { rows: waves } = await app.app.invitations.listWaves(null, 50);
      const names = waves.map(({ wave }) => `${wave.name}: ${wave.state}`);
      expect(names.slice(0, 3)).toEqual([
        'Büros: starting',
        'Haushalte in Deutschland: draft',
        'Gastronomie in NL und NO: finished',
      ]);
      expect(waves.map(({ wave }) => wave.createdAt)).toEqual(
        waves
          .map(({ wave }) => wave.createdAt)
          .sort()
          .reverse(),
      );
      expect(await count('outgoing_mail', { state: 'queued' })).toBe(0);
      expect(await count('outgoing_mail', { state: 'sent' })).toBe(await count('captured_mail'));
      const invitations = await count('outgoing_mail', { state: 'sent', kind: 'invitation' });
      expect(invitations).toBe(await count('invitation', { delivery: 'sent' }));
      const old = waves.filter(({ wave }) => wave.state === 'finished' && wave.name.startsWith('Abgänge'));
      const asked = both.leaving.people.filter(({ wave }) => wave !== null).length;
      expect(old.reduce((sum, { accounts }) => sum + accounts.sent, 0)).toBe(asked);
      expect(old.reduce((sum, { accounts }) => sum + accounts.recipients, 0)).toBe(140 + former);
      expect(old.reduce((sum, { accounts }) => sum + accounts.bounced, 0)).toBe(3);
    });

    test('has one file brought in and one that waits, both with rows to mend', async () => {
      const { rows } = await app.app.imports.list(null, 10);
      expect(rows.map(({ filename, state }) => `${filename}: ${state}`)).toEqual([
        'Messe Kiel.csv: checked',
        'Kasse.csv: done',
      ]);
      expect(rows.map(({ rows: { bad } }) => bad)).toEqual([3, 2]);
    });

    test('says of winning back what a fair draw lets it say, and no more', async () => {
      const { programmes, rates } = await app.app.insight.effect.report({});
      expect(programmes.map(({ key }) => key).sort()).toEqual(['leaving', 'satisfaction']);
      const [leaving, other] = ['leaving', 'satisfaction'].map((key) => programmes.find((each) => each.key === key)!);
      const [months] = leaving!.compared;
      expect(leaving!.drawn).toBeGreaterThanOrEqual(30);
      expect(months!.treated.base + months!.held.base).toBeGreaterThanOrEqual(24);
      expect(months!.treated.back + months!.held.back).toBeGreaterThanOrEqual(5);
      expect(other!.compared[0]).toMatchObject({ verdict: 'cannot_say', open: other!.drawn });
      const { share } = rates.ofAttempted!;
      expect([share > 0.05, share < 0.35, rates.attempted >= 30]).toEqual([true, true, true]);
    });

    test('has goals that show how they stand, one of which nothing can be told of yet', async () => {
      const { goals } = app.app.retention;
      const all = await goals.progress(await goals.today());
      expect(all.map(({ standing }) => standing.name)).toContain('not_told');
      const manager = await app.signIn('manager', 'Kim Example');
      expect((await manager.get('/goals')).text).toMatch(/Now<\/span> <b>\d+\.\d% \(n \d+\)<\/b>/);
      const policies = (await manager.get('/policies')).text;
      expect(policies).toMatch(/\d% \(n \d+\) before, [\d.]+% \(n \d+\) since/);
      const addresses = new Set(policies.match(/\/policies\/[0-9a-f-]{36}(?=")/g));
      const pages = await Promise.all([...addresses].map(async (address) => (await manager.get(address)).text));
      expect(pages.some((page) => page.includes('class="bars'))).toBe(true);
      expect(pages.flatMap(barsSaid)).toEqual([]);
    });

    test('is not loaded twice', async () => {
      const before = await count('timeline_event');
      await expect(app.app.demo.loadSample(COMMAND)).rejects.toThrow(Conflict);
      const administrator = await app.signIn('administrator');
      expect((await administrator.post('/settings/sample')).status).toBe(409);
      expect([await count('customer'), await count('timeline_event')]).toEqual([700 + former, before]);
    });

    test('lets its people sign in', async () => {
      expect(sample.people.map(({ role }) => role).sort()).toEqual(
        company.profile.staff.map(({ role }) => role).sort(),
      );
      for (const { email } of sample.people.slice(0, 3)) {
        const person = app.visitor();
        await person.get('/sign-in');
        expect((await person.post('/sign-in', { email, password: PASSWORD })).status).toBe(303);
      }
    });

    test('names links that somebody can still answer', async () => {
      expect(sample.links.map(({ programme }) => programme)).toEqual(['leaving', 'satisfaction']);
      for (const { href, language } of sample.links) {
        const page = await app.visitor().get(href.slice(app.baseUrl.length));
        expect(page.status).toBe(200);
        expect(page.text).toContain(`<html lang="${language}"`);
        expect(page.text).toContain(company.profile.name);
      }
    });

    test('has themes that no reason covers, each with words that name it and answers in more than one language', async () => {
      const { coding, questionnaires } = app.app;
      const leaving = (await questionnaires.programmes()).find(({ key }) => key === 'leaving')!;
      await coding.opinions.work();
      await coding.discoveries.work();
      const { fresh, examples } = await coding.themes.all(leaving.id);
      const about = (words: RegExp) => fresh.filter(({ phrases }) => phrases.some(({ text }) => words.test(text)));
      const [packaging, mail] = [about(/plast|packag|verpa/i), about(/newsletter|spam|nieuwsbrief/i)];
      expect([packaging.length > 0, mail.length > 0]).toEqual([true, true]);
      const told = [...packaging, ...mail].flatMap(({ id }) => examples.get(id) ?? []);
      expect(new Set(told.map(({ lang }) => lang)).size).toBeGreaterThan(2);
    });

    test('has no address outside example.com', async () => {
      const everything = JSON.stringify(await wholeDatabase(storage()));
      const found = [...everything.matchAll(/[\w.+-]+@[\w.-]+\w/g)].map(([address]) => address);
      expect(found.length).toBeGreaterThan(2000);
      expect(found.filter((each) => !each.endsWith('@example.com') && !IS_MESSAGE_ID.test(each))).toEqual([]);
    });

    test(
      'shows every page to an administrator, and reads for none a whole table that grows',
      async () => {
        const heard = listenToQueries();
        const again = await openStorage(on.url());
        const other = await startApp(again, { clock: testClock(NOW) });
        const { visited, failures } = await crawl(await other.signIn('administrator', 'Somebody else'), other.baseUrl);
        expect(failures).toEqual([]);
        expect(visited.length).toBeGreaterThan(100);
        for (const path of ['/leaving', '/customers', '/waves', '/outbox', '/questionnaires', '/settings/audit'])
          expect(visited).toContain(path);
        if (on.engine === 'sqlite') {
          const { writer } = again as SqliteStorage;
          expect([...heard].flatMap((query) => scansOf(writer, query).map((step) => ({ step, query })))).toEqual([]);
          expect(heard.size).toBeGreaterThan(60);
        }
        await other.close();
        await again.close();
      },
      5 * MINUTES,
    );
  });
});

const IS_MESSAGE_ID = /^[0-9a-f-]{36}@/;

const TABLES: (keyof Schema)[] = [
  'setting',
  'account',
  'customer',
  'dealing',
  'invoice',
  'purchase',
  'timeline_event',
  'outgoing_mail',
  'captured_mail',
  'wave',
  'response',
  'answer',
  'audit_entry',
  'import',
  'import_row',
  'questionnaire_version',
];

async function wholeDatabase({ read }: Storage): Promise<unknown[]> {
  return await Promise.all(TABLES.map((table) => read.selectFrom(table).selectAll().execute()));
}

/** Pages that a form leads to, not a link. */
const BEHIND_FORMS = [
  '/customers?sort=worth',
  '/customers?sort=left&status=left',
  '/customers?q=anna&segment=Büro&country=DE&tag=x',
  '/search?q=anna',
  '/leaving?period=all&segment=Büro&country=DE&language=de&tenure=under_1&value=under_200',
];
const MOST_PAGES = 160;
/** Pages of the same kind that are looked at: customers, waves, codes ... */
const MOST_ALIKE = 2;

/** Follows every link from page to page, a few of each kind. */
async function crawl(person: Person, baseUrl: string) {
  const waiting = ['/', ...BEHIND_FORMS];
  const known = new Set(waiting);
  const alike = new Map<string, number>();
  const visited: string[] = [];
  const failures: string[] = [];
  for (let path = waiting.shift(); path !== undefined && visited.length < MOST_PAGES; path = waiting.shift()) {
    const kind = kindOf(path);
    alike.set(kind, (alike.get(kind) ?? 0) + 1);
    if ((alike.get(kind) ?? 0) > MOST_ALIKE) continue;
    visited.push(path);
    const { status, text, headers } = await person.get(path);
    if (status !== 200 && !(status >= 300 && status < 400)) failures.push(`${status} ${path}`);
    if (/\b(undefined|NaN|Invalid Date)\b|\[object Object\]/.test(text ?? '')) failures.push(`odd words on ${path}`);
    const links = headers.location ? [headers.location] : linksOn(text ?? '');
    for (const link of links) {
      const { origin, pathname, search } = new URL(link, baseUrl + path);
      const next = pathname + search;
      if (origin !== baseUrl || known.has(next) || pathname.startsWith('/assets/')) continue;
      known.add(next);
      waiting.push(next);
    }
  }
  return { visited, failures };
}

function kindOf(path: string): string {
  const [place = '', query = ''] = path.split('?');
  const names = [...new URLSearchParams(query).keys()].join('&');
  const general = place.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replace(/^\/([qu])\/[\w-]+/, '/$1/TOKEN');
  return `${general.replace(/\/(codes|questions|reasons)\/\w+/, '/$1/KEY')}?${names}`;
}

function linksOn(html: string): string[] {
  const anchors = [...html.matchAll(/<a\s[^>]*?href="([^"#]+)[^>]*>/g)];
  return anchors.map(([, href = '']) => href.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
}
