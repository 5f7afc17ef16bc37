import { dnsRecords, PROVIDERS, providerOf, type HookSecrets, type HookState, type Provider } from '../mailer/index.ts';
import type { Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { opensOnlyHere } from '../shared/only-here.ts';
import { formView, type FormView } from '../web/index.ts';
import type { EnvironmentMail } from './accounts-web.ts';
import type { Choice } from './choices.ts';
import { hookPanels, type HookPanel, type RefusedHook } from './mail-hook-views.ts';
import type { MailSection } from './mail-settings-service.ts';
import type { SectionPage } from './settings-views.ts';
import { walk } from './setup-views.ts';

export interface MailPage extends SectionPage {
  lead: string;
  sendingOff: boolean;
  hasSample: boolean;
  fromEnvironment: boolean;
  /** That nobody else could open the links in letters; null where they can. */
  onlyHere: string | null;
  securities: Choice[];
  passwordHint: string;
  canTest: boolean;
  testHint: string;
  /** The usual services; choosing one fills in its settings. */
  providers: { name: string; href: string; chosen: boolean }[];
  providerHint: string | null;
  /** What the chosen service's limits are. */
  speedHint: string;
  /** How what comes back reaches us. */
  returned: { text: string; warning: string | null; hooks: HookPanel[]; form: FormView };
  records: { title: string; why: string; name: string; value: string }[];
  signing: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'accounts/mail': MailPage;
  }
}

interface MailPageGiven {
  section: MailSection;
  environment: EnvironmentMail;
  /** The service whose settings are to be filled in. */
  provider: string | undefined;
  myEmail: string;
  setUp: boolean;
  sendingOff: boolean;
  hasSample: boolean;
  secrets: HookSecrets;
  hooks: HookState[];
  baseUrl: string;
  timeZone: string;
  readsMailbox: boolean;
}

export interface Refused {
  typed?: unknown;
  errors?: FieldErrors | undefined;
  hook?: RefusedHook | undefined;
}

export function mailPage(given: MailPageGiven, t: Translate, { typed, errors, hook }: Refused = {}): MailPage {
  const { section, environment, myEmail, setUp } = given;
  const host = environment.server ? environment.host : section.values.host;
  const chosen = PROVIDERS.find(({ key }) => key === given.provider);
  const current = chosen ?? providerOf(host);
  const values = chosen ? { ...section.values, ...settingsOf(chosen) } : section.values;
  return {
    ...walk('mail', setUp, t),
    lead: host === '' ? t('accounts.mail.lead') : t('accounts.mail.leadServer', { host }),
    form: formView(typed ?? shown(values, t), errors, t),
    sendingOff: given.sendingOff,
    hasSample: given.hasSample,
    fromEnvironment: environment.server,
    onlyHere: opensOnlyHere(given.baseUrl) ? t('mail.onlyHere', { address: given.baseUrl }) : null,
    securities: ['auto', 'starttls', 'tls', 'none'].map((value) => ({
      value,
      text: t(`accounts.mail.security.${value}`),
    })),
    passwordHint: t(section.hasPassword ? 'accounts.mail.passwordKept' : 'accounts.mail.passwordNone'),
    canTest: environment.server || section.values.host !== '',
    testHint: t('accounts.mail.testHint', { email: myEmail }),
    providers: PROVIDERS.map(({ key, name }) => ({
      name,
      href: `/settings/mail?provider=${key}`,
      chosen: key === current?.key,
    })),
    providerHint: chosen ? t(`accounts.mail.provider.${chosen.key}`) : null,
    speedHint: t(current ? `accounts.mail.speed.${current.key}` : 'accounts.mail.speed.own'),
    returned: returnedSection(given, current, t, hook),
    records: recordsOf(given, t),
    signing: t(environment.dkim ? 'accounts.mail.signed' : 'accounts.mail.unsigned'),
  };
}

const settingsOf = ({ host, port, security, perSecond, connections }: Provider) => ({
  host,
  port,
  security,
  perSecond,
  connections,
});

/** Numbers as people of that language write them, without marks between thousands. */
function shown(values: MailSection['values'], t: Translate): object {
  const number = new Intl.NumberFormat(t.language, { useGrouping: false, maximumFractionDigits: 2 });
  const { perSecond, connections } = values;
  return {
    ...values,
    perSecond: perSecond === null ? '' : number.format(perSecond),
    connections: connections === null ? '' : number.format(connections),
  };
}

function returnedSection(
  given: MailPageGiven,
  current: Provider | undefined,
  t: Translate,
  refused: RefusedHook | undefined,
): MailPage['returned'] {
  const way = current ? (current.reports ? 'service' : 'none') : 'own';
  const reads = given.readsMailbox && way !== 'service' ? 'reads' : way;
  const hooks = hookPanels(given, current?.key, t, refused);
  const isReachable = hooks.length === 0 || given.baseUrl.startsWith('https:');
  return {
    text: t(`accounts.hooks.${reads}`, { service: current?.name ?? '' }),
    warning: isReachable ? null : t('accounts.hooks.needsHttps', { address: given.baseUrl }),
    hooks,
    form: formView({}, refused?.errors, t),
  };
}

function recordsOf({ section, environment }: MailPageGiven, t: Translate): MailPage['records'] {
  const { dkim, returnPath } = environment;
  const sending = environment.server ? environment : { ...section.values, dkim, returnPath };
  return dnsRecords(sending).map(({ kind, ...record }) => ({
    ...record,
    title: kind.toUpperCase(),
    why: t(`accounts.mail.record.${kind}`),
  }));
}
