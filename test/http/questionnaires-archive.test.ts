import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';
import { leavers, newWave, readyToSend } from '../support/waves.ts';

onBothEngines((on) => {
  let running: TestApp;
  let staff: Person & { accountId: string };
  let ready: { senderId: string; questionnaireId: string };
  beforeAll(async () => {
    running = await startApp(on.storage());
    staff = await running.signIn('staff');
    ready = await readyToSend(running.app);
  });
  afterAll(() => running.close());

  const service = () => running.app.questionnaires;
  const actions = async () =>
    (await on.storage().read.selectFrom('audit_entry').select(['action', 'actor_id']).orderBy('id').execute())
      .filter(({ actor_id }) => actor_id === staff.accountId)
      .map(({ action }) => action);
  const list = async () => (await staff.get('/questionnaires')).text;
  /** The parts of the list before and in the archive. */
  const parts = (page: string) => page.split('<details>') as [string, string | undefined];

  /** A published questionnaire of its own. */
  async function own(name: string): Promise<string> {
    const { programme } = await service().get(ready.questionnaireId);
    const input = { programmeId: programme.id, name, from: 'starter', languages: [] };
    const id = await service().create(COMMAND, input);
    await service().publish(COMMAND, id, 1);
    await service().approveAll(COMMAND);
    return id;
  }
  const post = async (id: string, what: string) => {
    await staff.get(`/questionnaires/${id}`);
    return await staff.post(`/questionnaires/${id}/${what}`);
  };

  describe('an archived questionnaire', () => {
    test('stands apart in the list, can be read, and comes back', async () => {
      const id = await own('Put aside');
      expect(parts(await list())[1]).toBeUndefined();
      expect((await post(id, 'archiving')).headers.location).toBe('/questionnaires');
      const [before, archive] = parts(await list());
      expect(before).toContain('“Put aside” is archived.');
      expect(before).not.toContain(`href="/questionnaires/${id}"`);
      expect(archive).toContain('One archived questionnaire');
      expect(archive).toContain(`href="/questionnaires/${id}"`);
      const page = await staff.get(`/questionnaires/${id}`);
      expect(page.text).toContain('Archived on 10 November 2026 at 09:05');
      expect((await staff.get(`/questionnaires/${id}/versions/1`)).status).toBe(200);
      expect((await post(id, 'restoration')).headers.location).toBe(`/questionnaires/${id}`);
      expect(parts(await list())[0]).toContain(`href="/questionnaires/${id}"`);
      expect((await actions()).slice(-2)).toEqual(['questionnaires.archive', 'questionnaires.restore']);
    });

    test('is archived once and restored once, whoever presses', async () => {
      const id = await own('Twice');
      await staff.get(`/questionnaires/${id}`);
      const both = await Promise.all([1, 2].map(() => staff.post(`/questionnaires/${id}/archiving`)));
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      await post(id, 'restoration');
      expect((await post(id, 'restoration')).status).toBe(409);
      expect((await post('01987654-0000-7000-8000-000000000000', 'archiving')).status).toBe(404);
    });

    test('is not offered for a new wave, and is refused where it is chosen all the same', async () => {
      const id = await own('Not for waves');
      expect((await staff.get('/waves/new')).text).toContain(`value="${id}"`);
      await post(id, 'archiving');
      const form = await staff.get('/waves/new');
      expect(form.text).not.toContain(`value="${id}"`);
      const refused = await staff.post('/waves', { ...fieldsOf(form, '/waves'), name: 'Autumn', questionnaireId: id });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('This questionnaire is archived.');
    });

    test('stays chosen in a draft, marked as what it is, until somebody chooses another', async () => {
      const id = await own('In a draft');
      const wave = await newWave(running.app, { ...ready, questionnaireId: id });
      await post(id, 'archiving');
      const path = `/waves/${wave}/edit`;
      const form = await staff.get(path);
      expect(form.text).toContain(`<option value="${id}" selected>In a draft (archived)</option>`);
      expect((await fillIn(staff, path, {}, `/waves/${wave}`)).status).toBe(422);
    });

    test('goes on in a wave that is running', async () => {
      const id = await own('Running');
      await running.app.customers.upsertMany(COMMAND, leavers(1));
      const wave = await newWave(running.app, { ...ready, questionnaireId: id });
      await running.app.invitations.startWave(COMMAND, wave, { holdMinutes: 0 });
      await post(id, 'archiving');
      await running.app.runDue();
      const { rows } = await running.app.invitations.listInvitations(wave, {}, null);
      expect(rows.map(({ delivery }) => delivery)).toEqual(['sent']);
      const link = new URL(running.app.invitations.linkFor(rows[0]?.id ?? '')).pathname;
      expect((await running.visitor().get(link)).text).toContain('What happened before you decided');
      expect((await staff.get(`/waves/${wave}`)).text).toContain('Running');
    });

    test('that was the only one leaves its programme with a word about it', async () => {
      const only = (await service().list()).find(({ programme }) => programme.key === 'satisfaction')?.id ?? '';
      await post(only, 'archiving');
      expect(await list()).toContain('All its questionnaires are archived.');
      await post(only, 'restoration');
      expect(await list()).not.toContain('All its questionnaires are archived.');
    });

    test('is not published', async () => {
      const id = await own('Still');
      const manager = await running.signIn('manager');
      await service().edit(id, 1, (draft) => ({ ...draft, minutes: 9 }));
      expect((await manager.get(`/questionnaires/${id}`)).text).toContain('/publish"');
      await post(id, 'archiving');
      expect((await manager.get(`/questionnaires/${id}`)).text).not.toContain('/publish"');
      expect((await manager.post(`/questionnaires/${id}/publish`, { revision: '2' })).status).toBe(409);
      expect(await service().versions(id)).toHaveLength(1);
    });
  });

  describe('a programme', () => {
    const path = '/questionnaires/programmes/satisfaction/name';

    test('is renamed by staff, and keeps its key', async () => {
      expect(await list()).toContain(`href="${path}"`);
      const form = await staff.get(path);
      expect(fieldsOf(form, path)).toMatchObject({ name: 'How we are doing', was: 'How we are doing' });
      expect((await fillIn(staff, path, { name: 'Twice <a> year' })).status).toBe(303);
      expect(await list()).toContain('<h2>Twice &lt;a&gt; year</h2>');
      expect((await service().programmes()).map(({ key, name }) => [key, name])).toContainEqual([
        'satisfaction',
        'Twice <a> year',
      ]);
      expect((await actions()).at(-1)).toBe('questionnaires.programmeRenamed');
    });

    test('needs a name, and the one who comes second is told', async () => {
      expect((await fillIn(staff, path, { name: ' ' })).status).toBe(422);
      const fields = fieldsOf(await staff.get(path), path);
      expect((await staff.post(path, { ...fields, name: 'One' })).status).toBe(303);
      expect((await staff.post(path, { ...fields, name: 'Other' })).status).toBe(409);
      expect((await staff.get('/questionnaires/programmes/none/name')).status).toBe(404);
    });

    test('that nobody renamed goes on being called by each reader’s language', async () => {
      const leaving = '/questionnaires/programmes/leaving/name';
      const before = await service().programmes();
      expect((await fillIn(staff, leaving, {})).status).toBe(303);
      expect(await service().programmes()).toEqual(before);
    });
  });
});
