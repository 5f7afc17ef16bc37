import type { AccountsWeb } from './accounts/index.ts';
import type { Config } from './config.ts';
import { alertNews } from './loyalty/index.ts';
import { nameInWords } from './questionnaires/index.ts';
import { lookedAfter } from './recovery/index.ts';
import { summaryChoice } from './reports/index.ts';
import { dkimRecord } from './shared/signing-key.ts';
import type { Services, ServicesOptions } from './services.ts';
import type { Pages } from './web/index.ts';

/** What the pages of accounts need of the later features. */
export function accountsWeb(
  { config }: ServicesOptions,
  services: Services,
  pages: Pages,
  https: boolean,
): AccountsWeb {
  const { accounts, customers, mailer, mailHooks, questionnaires, signer, texts } = services;
  return {
    accounts,
    pages,
    texts,
    signer,
    https,
    mailer,
    environmentMail: environmentMail(config),
    hooks: mailHooks,
    baseUrl: config.baseUrl,
    readsMailbox: config.imapUrl !== undefined,
    hasCustomers: async () => (await customers.count({}, 1)) > 0,
    questionnaireTexts: {
      list: async (t) =>
        (await questionnaires.approvals()).map((each) => ({ ...each, name: nameInWords(each.name, t) })),
      approveAll: questionnaires.approveAll,
      readdress: questionnaires.readdress,
    },
    newsFor: (staff) => alertNews(services.loyalty.alerts, staff),
    lookedAfter: (id, staff) => lookedAfter(services.recovery, id, staff),
    choosableFor: (staff) => summaryChoice(services.insight.summary, staff),
  };
}

function environmentMail({ smtpUrl, mailFrom, bounceAddress, dkim }: Config): AccountsWeb['environmentMail'] {
  return {
    server: smtpUrl !== undefined,
    host: smtpUrl === undefined ? '' : new URL(smtpUrl).hostname,
    from: mailFrom ?? '',
    returnPath: bounceAddress,
    dkim: dkim && { domain: dkim.domain, selector: dkim.selector, record: dkimRecord(dkim.key) },
  };
}
