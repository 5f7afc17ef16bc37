import type { Router } from 'express';
import { accountsRoutes, type AccountsWeb } from './accounts/index.ts';
import { webhookRoutes } from './api/index.ts';
import { codebookRoutes, codingRoutes, labelOf, offered, shownCodes } from './coding/index.ts';
import { customersRoutes, duplicateRoutes, importRoutes } from './customers/index.ts';
import { waveRoutes, type ReasonGroup } from './invitations/index.ts';
import { bounceRoutes, outboxRoutes } from './mailer/index.ts';
import { loyaltyPanels, loyaltyRoutes } from './loyalty/index.ts';
import { entryRoutes, letterRoutes } from './post/index.ts';
import { nameInWords, questionnairesRoutes, type ChoosableCode } from './questionnaires/index.ts';
import { recoveryPanels, recoveryRoutes, searchCases, searchLibrary } from './recovery/index.ts';
import { mergingPanels, mergingRoutes } from './merging/index.ts';
import { privacyPanels, privacyRoutes } from './privacy/index.ts';
import { insightPanels, insightRoutes, reportRoutes } from './reports/index.ts';
import { createVoices, responseRoutes } from './responses/index.ts';
import { policyNotes, retentionPanels, retentionRoutes } from './retention/index.ts';
import { callFacts, telephoneRoutes } from './telephone/index.ts';
import type { Services, ServicesOptions } from './services.ts';
import type { Staff } from './web/index.ts';

/** What colleagues reach once they are signed in, feature by feature. */
export function staffRoutes(
  { config, storage, clock, logger }: ServicesOptions,
  services: Services,
  web: AccountsWeb,
): Router[] {
  const { accounts, coding, mailer, reports } = services;
  const { pages } = web;
  const { ofCustomer: answersOf, search: searchAnswers } = createVoices({ ...services, storage });
  const { waitingOf } = services.invitations;
  const playbookFor = services.retention.playbook.forPlace;
  const caring = { ...services, storage, clock, logger, pages, playbookFor, baseUrl: config.baseUrl };
  const policiesFor = (codeId: string, staff: Staff) => policyNotes(services, codeId, staff);
  const panelsOf = async (id: string, staff: Staff) =>
    (
      await Promise.all(
        [recoveryPanels, loyaltyPanels, retentionPanels, insightPanels].map((of) => of(caring, id, staff)),
      )
    )
      .flat()
      .concat(mergingPanels(id, staff), privacyPanels(id, staff));
  const contactsOf = async (id: string, staff: Staff) =>
    (await services.invitations.contactsOf(id, staff)).concat(await callFacts(caring, id, staff));
  const searchThings = async (words: string, staff: Staff) =>
    (await Promise.all([searchCases, searchLibrary].map((of) => of(caring, words, staff)))).filter(
      (found) => found !== null,
    );
  const lent = {
    answersOf,
    searchAnswers,
    searchThings,
    eventLink,
    contactsOf,
    waitingOf,
    panelsOf,
    importHref: '/customers/imports',
    casesHref: '/cases/list',
  };
  const codesOf = async (id: string, staff: Staff) => shownCodes((await coding.codingsOf([id])).get(id) ?? [], staff);
  return [
    accountsRoutes(web),
    importRoutes({ ...services, ...accounts, pages, clock }),
    duplicateRoutes({ ...services, ...accounts, pages }),
    mergingRoutes(caring),
    customersRoutes({ ...services, ...accounts, ...lent, pages, clock }),
    questionnairesRoutes({ ...services, ...accounts, pages, codesOf: (programmeId) => reasonsOf(coding, programmeId) }),
    waveRoutes({
      ...services,
      pages,
      clock,
      baseUrl: config.baseUrl,
      reasonGroups: (language) => reasonGroups(services, language),
    }),
    letterRoutes({ ...services, pages, clock, baseUrl: config.baseUrl }),
    telephoneRoutes({ ...services, storage, pages, clock }),
    entryRoutes({
      ...services,
      storage,
      pages,
      clock,
      baseUrl: config.baseUrl,
      otherLetter: async (code) => {
        const caseId = await services.recovery.payment.letters.byCode(code);
        return caseId && `/cases/${caseId}/plan`;
      },
    }),
    outboxRoutes({ mailer, pages, hasSample: () => services.accounts.settings.hasSample() }),
    bounceRoutes({
      ...services,
      storage,
      ...accounts,
      pages,
      hasWayIn: async () =>
        config.imapUrl !== undefined || config.bounceAddress !== undefined || (await accounts.settings.hearsServices()),
    }),
    responseRoutes({ ...services, storage, pages, codesOf }),
    codingRoutes({ coding, pages }),
    codebookRoutes({ coding, pages, policiesFor }),
    recoveryRoutes(caring),
    loyaltyRoutes(caring),
    retentionRoutes(caring),
    webhookRoutes({ webhooks: services.webhooks, pages }),
    reportRoutes({ reports, pages, storage, audit: accounts.audit, policiesFor }),
    insightRoutes(caring),
    privacyRoutes(caring),
  ];
}

/** Where what a line of a customer's timeline is about can be seen. */
function eventLink(kind: string, subjectId: string): string | null {
  if (kind.startsWith('comments.')) return `/comments/${subjectId}`;
  if (kind.startsWith('alerts.') || kind.startsWith('casemail.') || kind.startsWith('payment.'))
    return `/cases/${subjectId}`;
  if (kind.startsWith('customers.import')) return `/customers/imports/${subjectId}`;
  if (kind.startsWith('recovery.case')) return `/cases/${subjectId}`;
  if (kind.startsWith('policies.')) return `/policies/${subjectId}`;
  return kind.startsWith('responses.') || kind.startsWith('coding.') ? `/responses/${subjectId}` : null;
}

/** What an audience can be asked for: the reasons that customers give, by programme. */
async function reasonGroups({ coding, questionnaires, texts }: Services, language: string): Promise<ReasonGroup[]> {
  const groups = (await questionnaires.programmes()).map(async ({ id, key, name }) => {
    const book = await coding.codebook(id);
    const reasons = book ? offered(book).filter(({ kind }) => kind !== 'unknown') : [];
    const codes = reasons.map((code) => ({
      id: code.id,
      name: labelOf(book!, code, language),
      top: code.parentId === null,
    }));
    return { programme: key, name: nameInWords(name, texts.in(language)), codes };
  });
  return await Promise.all(groups);
}

/** The reasons of a programme's codebook that a list in its questionnaires can offer. */
async function reasonsOf({ codebook }: Services['coding'], programmeId: string): Promise<ChoosableCode[]> {
  const book = await codebook(programmeId);
  const reasons = book ? offered(book).filter(({ kind }) => kind === 'reason') : [];
  return reasons.map(({ key, name, parentId }) => ({ key, name, top: parentId === null }));
}
