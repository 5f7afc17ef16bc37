import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import type { AnswerValue } from '../../src/questionnaires/index.ts';
import { createServices, type Services } from '../../src/services.ts';
import { newId } from '../../src/shared/ids.ts';
import type { Storage } from '../../src/storage/index.ts';
import { SECRET } from './app.ts';
import { invite, type Ground } from './asked.ts';
import { testClock, type TestClock } from './clock.ts';

export interface Answered {
  responseId: string;
  customerId: string;
  invitationId: string;
}

export interface Words {
  /** 'happened' unless others are named; the satisfaction questionnaire has others. */
  words?: string | Record<string, string>;
  /** Numbers on scales, by question. */
  scales?: Record<string, number>;
  ticked?: string[];
  most?: string;
  other?: string;
  language?: string;
}

export interface Answering {
  services: Services;
  programmeId: string;
  accountId: string;
  /** Somebody who has been asked; the invitation's id. */
  invite(language?: string): Promise<string>;
  /** Whoever was invited answers, else somebody new. */
  answer(given: Words, invitationId?: string): Promise<Answered>;
  /** Changes one open answer after it was sent. */
  change(answered: Answered, key: string, text: string): Promise<void>;
}

/** Services without HTTP, with starters and codebooks in place. */
export async function startServices(
  storage: Storage,
  clock: TestClock = testClock(),
  codebooks?: string,
): Promise<Services> {
  const logger = pino({ level: 'silent' });
  const services = createServices({
    config: readConfig({ LOG_LEVEL: 'silent' }),
    storage,
    clock,
    logger,
    secret: SECRET,
    ...(codebooks !== undefined && { codebooks }),
  });
  await services.questionnaires.installStarters();
  await services.coding.installCodebooks();
  return services;
}

/** A wave of a starter questionnaire, with customers who answer it. */
export async function startAnswering(
  storage: Storage,
  services: Services,
  clock: TestClock,
  programmeKey = 'leaving',
): Promise<Answering> {
  const questionnaire = (await services.questionnaires.list()).find((each) => each.programme.key === programmeKey);
  if (!questionnaire?.latest) throw new Error('The starters are not there');
  const { latest: version } = questionnaire;
  const at = clock.now().toISOString();
  const accountId = newId(clock);
  const waveId = newId(clock);
  await storage.transaction(async (tx) => {
    const person = { title: '', role: 'staff', language: 'en', password_hash: null, deactivated_at: null } as const;
    const email = `${accountId}@example.com`;
    await tx
      .insertInto('account')
      .values({ ...person, id: accountId, email, email_key: email, name: 'Ingrid Solheim', created_at: at })
      .execute();
    await tx
      .insertInto('wave')
      .values({
        id: waveId,
        programme_id: version.programmeId,
        questionnaire_version_id: version.id,
        name: 'Autumn',
        state: 'sending',
        audience: '{}',
        sender_account_id: accountId,
        sender_name: 'Ingrid Solheim',
        reply_to: '',
        reminder_days: '[]',
        expires_days: 30,
        created_by: null,
        created_at: at,
      })
      .execute();
  });
  const ground: Ground = {
    programmeId: version.programmeId,
    versionId: version.id,
    waveId,
    definition: version.definition,
    accountId,
  };
  const askedOf = async (invitationId: string, language: string) => {
    const row = await storage.read
      .selectFrom('invitation')
      .select('customer_id')
      .where('id', '=', invitationId)
      .executeTakeFirstOrThrow();
    const { programmeId, id: versionId } = version;
    const invitation = { id: invitationId, customerId: row.customer_id, waveId, programmeId, versionId };
    return { invitation, definition: version.definition, mode: 'email' as const, language };
  };
  return {
    services,
    programmeId: version.programmeId,
    accountId,
    invite: (language = 'en') => invite(storage, clock, ground, { language }),
    async answer(given, invited) {
      const language = given.language ?? 'en';
      const invitationId = invited ?? (await invite(storage, clock, ground, { language }));
      const asked = await askedOf(invitationId, language);
      const now = clock.now().toISOString();
      const answers = valuesOf(given).map(([key, value]) => ({ key, value, answeredAt: now }));
      const whole = { answers, startedAt: now, submittedAt: now, company: 'Hollerbach Kaffee' };
      const response = await storage.transaction((tx) => services.responses.record(tx, asked, whole));
      return { responseId: response.id, customerId: asked.invitation.customerId, invitationId };
    },
    async change({ invitationId }, key, text) {
      const asked = await askedOf(invitationId, 'en');
      const value: AnswerValue = text === '' ? { kind: 'skipped' } : { kind: 'open', text };
      await services.responses.saveAnswer(asked, { key, value }, true);
    },
  };
}

function valuesOf({ words = {}, scales = {}, ticked = [], most, other }: Words): [string, AnswerValue][] {
  const open = typeof words === 'string' ? { happened: words } : words;
  const values = Object.entries(open).map(([key, text]): [string, AnswerValue] => [key, { kind: 'open', text }]);
  for (const [key, value] of Object.entries(scales)) values.push([key, { kind: 'scale', value }]);
  if (ticked.length > 0) values.push(['reasons', { kind: 'reasons', ticked, ...(other && { other }) }]);
  if (most) values.push(['reasons.most', { kind: 'most', code: most }]);
  return values;
}
