import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { startAnswering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

const LIST = '/codebook/leaving/competitors';
const MANY = 120;

onBothEngines((on) => {
  let running: TestApp;
  let anna: Person;

  beforeAll(async () => {
    running = await startApp(on.storage());
    const leaving = await startAnswering(on.storage(), running.app, running.clock);
    anna = await running.signIn('staff', 'Anna Berg');
    const responseIds: string[] = [];
    for (const words of ['It was too far.', 'It was too dear.'])
      responseIds.push((await leaving.answer({ words, language: 'en' })).responseId);
    await running.app.coding.discoveries.work();
    await gathered(leaving.programmeId, responseIds);
  });
  afterAll(() => running.close());

  /** So many names, made in another order than they are listed; the last ten are in both responses. */
  async function gathered(programmeId: string, responseIds: string[]): Promise<void> {
    const numbers = Array.from({ length: MANY }, (_, i) => ((i * 7) % MANY) + 1);
    const competitors = numbers.map((number) => ({ id: newId(running.clock), name: nameOf(number), number }));
    const at = running.clock.now().toISOString();
    await on.storage().transaction(async (tx) => {
      for (const { id, name, number } of competitors) {
        const key = name.replace(' ', '').toLowerCase();
        const undecided = { state: 'new' as const, merged_into_id: null, account_id: null, decided_at: null };
        const naming = number > MANY - 10 ? responseIds : responseIds.slice(0, 1);
        const known = { id, programme_id: programmeId, key, name, root_id: id, created_at: at, ...undecided };
        const competitor = { ...known, responses: naming.length };
        await tx.insertInto('competitor').values(competitor).execute();
        for (const responseId of naming) {
          const mention = { competitor_id: id, response_id: responseId, question_key: 'happened' };
          await tx.insertInto('competitor_answer').values(mention).execute();
        }
      }
    });
  }

  const nameOf = (number: number) => `Roaster ${String(number).padStart(3, '0')}`;
  const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => nameOf(first + i));
  const open = ({ text }: Answer) =>
    Array.from(text.matchAll(/<h3 id="name-[^"]+">([^<]+)</g), ([, name = '']) => name);
  const aside = ({ text }: Answer) => Array.from(text.matchAll(/<span><b>([^<]+)<\/b>/g), ([, name = '']) => name);
  const confirmed = ({ text }: Answer) =>
    Array.from(text.matchAll(/<th scope="row"><a[^>]*>([^<]+)</g), ([, name = '']) => name);
  /** Where the more of a list leads. */
  const more = ({ text }: Answer, list: string) =>
    new RegExp(`<a class="button quiet" href="([^"#]+)#${list}">`).exec(text)?.[1]?.replaceAll('&amp;', '&');
  const next = async (page: Answer, list = 'open') => await anna.get(more(page, list) ?? 'nowhere');
  /** Where the forms of a name are sent, and its id. */
  const formOf = ({ text }: Answer, name: string) => {
    const id = new RegExp(`<h3 id="name-([^"]+)">${name}<`).exec(text)?.[1] ?? '';
    const action = new RegExp(`action="([^"]*/${id}[^"]*)"`).exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    return { id, action };
  };

  test('names wait fifty a page, the most named first and then by name, until the last', async () => {
    const first = await anna.get(LIST);
    expect(open(first)).toEqual([...from(111, 120), ...from(1, 40)]);
    expect(first.text).toContain('120 names are waiting');
    const second = await next(first);
    expect(open(second)).toEqual(from(41, 90));
    const last = await next(second);
    expect(open(last)).toEqual(from(91, 110));
    expect([more(last, 'open'), last.text.includes('120 names are waiting')]).toEqual([undefined, true]);
    expect(first.text).not.toContain('<option');
  });

  test('what is decided on the second page leads back to it, and nobody is passed over', async () => {
    const page = await next(await anna.get(LIST));
    const address = more(await anna.get(LIST), 'open') ?? '';
    for (const [name, choice] of [
      [nameOf(41), 'yes'],
      [nameOf(42), 'no'],
    ] as const) {
      const answer = await anna.post(formOf(page, name).action, { do: choice });
      expect([answer.status, answer.headers.location]).toEqual([303, address]);
    }
    const now = await anna.get(address);
    expect(open(now)).toEqual(from(43, 92));
    expect(confirmed(now)).toEqual([nameOf(41)]);
    expect(aside(now)).toEqual([nameOf(42)]);
    expect(now.text).toContain('<datalist id="suggested"><option>Roaster 041</option></datalist>');
  });

  test('a name that is not there is refused on the same page and stays typed; one that is there is taken as it is written', async () => {
    const address = more(await anna.get(LIST), 'open') ?? '';
    const { id, action } = formOf(await anna.get(address), nameOf(50));
    for (const typed of ['Rooster', nameOf(50), nameOf(42)]) {
      const refused = await anna.post(action, { do: 'same', [`into-${id}`]: typed });
      expect([refused.status, open(refused)]).toEqual([422, from(43, 92)]);
      expect(refused.text).toContain('No other competitor here has this name.');
      expect(refused.text).toMatch(new RegExp(`id="into-${id}"[^>]* value="${typed}"`));
    }
    const taken = await anna.post(action, { do: 'same', [`into-${id}`]: ' roaster-041 ' });
    expect([taken.status, taken.headers.location]).toEqual([303, address]);
    expect((await anna.get(address)).text).toContain('also written Roaster 050');
    // Whoever types a name that counts as another means the other.
    const other = formOf(await anna.get(address), nameOf(51));
    await anna.post(other.action, { do: 'same', [`into-${other.id}`]: nameOf(50) });
    expect((await anna.get(address)).text).toContain('also written Roaster 050, Roaster 051');
  });

  test('the lists go on each by itself; where everything behind a place is decided, its list begins anew', async () => {
    let page = await anna.get(LIST);
    for (const name of open(page)) await anna.post(formOf(page, name).action, { do: 'yes' });
    page = await anna.get(LIST);
    for (const name of open(page)) await anna.post(formOf(page, name).action, { do: 'no' });
    page = await anna.get(LIST);
    expect([confirmed(page), aside(page).length]).toEqual([[...from(111, 120), ...from(1, 40)], 50]);
    expect(page.text).toContain('Customers name 51 competitors that you have confirmed.');
    const both = await next(await next(page, 'confirmed'), 'aside');
    expect([confirmed(both), aside(both)]).toEqual([[nameOf(41)], [94, 50, 51].map(nameOf)]);
    expect(both.text.match(/<option>/g)).toHaveLength(50);
    expect(open(await anna.get(`${LIST}?open=0+${formOf(both, nameOf(100)).id}`))).toEqual(from(95, 110));
    expect((await anna.get(`${LIST}?open=1+nothing&aside=x`)).status).toBe(200);
  });
});
