import { POSTMARK_USER, type HookSecrets, type HookState } from '../mailer/index.ts';
import { formatMoment, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView } from '../web/index.ts';

const HOOKS = ['ses', 'postmark', 'mailgun'] as const;
export type Hook = (typeof HOOKS)[number];

/** How one mail service is told where to post what came back. */
export interface HookPanel {
  title: string;
  /** What is to be done in the service's own pages, in this order. */
  steps: { mark: string; text: string }[];
  id: string;
  /** To be pasted there; null until there is one. */
  address: string | null;
  state: { text: string; tone: string };
  action: string;
  form: FormView;
  field: { name: string; label: string; hint: string; type: 'text' | 'password' } | null;
  button: string;
  /** Stops listening to it; null where nothing is set. */
  off: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'accounts/mail-hook': HookPanel;
  }
}

/** A form of one of them that cannot be taken. */
export interface RefusedHook {
  hook: Hook;
  typed: unknown;
  errors: FieldErrors;
}

interface Given {
  secrets: HookSecrets;
  hooks: HookState[];
  baseUrl: string;
  timeZone: string;
}

/** For the service in use, which comes first, and for those that are listened to. */
export function hookPanels(
  given: Given,
  current: string | undefined,
  t: Translate,
  refused: RefusedHook | undefined,
): HookPanel[] {
  const isShown = (hook: Hook) => hook === current || isOn(given.secrets, hook) || hook === refused?.hook;
  const first = refused?.hook ?? current;
  return HOOKS.filter(isShown)
    .toSorted((a, b) => Number(b === first) - Number(a === first))
    .map((hook) => panel(hook, given, t, refused?.hook === hook ? refused : undefined));
}

const SECRET: Record<Hook, keyof HookSecrets> = {
  ses: 'topicArn',
  postmark: 'postmarkPassword',
  mailgun: 'mailgunKey',
};

const isOn = (secrets: HookSecrets, hook: Hook): boolean => secrets[SECRET[hook]] !== '';

const STEPS: Record<Hook, number> = { ses: 3, postmark: 2, mailgun: 2 };

function panel(hook: Hook, given: Given, t: Translate, refused: RefusedHook | undefined): HookPanel {
  const { secrets, baseUrl } = given;
  const on = isOn(secrets, hook);
  return {
    title: t(`accounts.hooks.${hook}.title`),
    steps: Array.from({ length: STEPS[hook] }, (_, i) => String(i + 1)).map((mark) => ({
      mark,
      text: t(`accounts.hooks.${hook}.step${mark}${hook === 'postmark' && mark === '1' && on ? '.made' : ''}`),
    })),
    id: hook,
    address: addressOf(hook, secrets, baseUrl),
    state: stateOf(hook, on, given, t),
    action: `/settings/mail/hooks/${hook}`,
    form: formView(refused?.typed ?? { topicArn: secrets.topicArn }, refused?.errors, t),
    field: fieldOf(hook, on, t),
    button: t(hook === 'postmark' ? `accounts.hooks.postmark.${on ? 'again' : 'make'}` : 'form.save'),
    off: on ? t('accounts.hooks.off') : null,
  };
}

/** Postmark's holds a password of its own, since Postmark signs nothing. */
function addressOf(hook: Hook, { postmarkPassword }: HookSecrets, baseUrl: string): string | null {
  const address = new URL(`${baseUrl}/hooks/mail/${hook}`);
  if (hook !== 'postmark') return address.href;
  if (postmarkPassword === '') return null;
  address.username = POSTMARK_USER;
  address.password = postmarkPassword;
  return address.href;
}

function stateOf(hook: Hook, on: boolean, { hooks, timeZone }: Given, t: Translate): HookPanel['state'] {
  const known = hooks.find(({ provider }) => provider === hook);
  const said = (key: string, tone: string, at?: string | null) => ({
    text: t(`accounts.hooks.${key}`, { when: at ? formatMoment(at, t.language, timeZone) : '' }),
    tone,
  });
  if (!on) return said('state.off', '');
  if (known?.endedAt) return said('state.ended', 'late', known.endedAt);
  if (hook === 'ses' && !known?.confirmedAt && !known?.heardAt) return said('state.unconfirmed', 'late');
  return known?.heardAt ? said('state.heard', 'good', known.heardAt) : said('state.waiting', 'late');
}

function fieldOf(hook: Hook, on: boolean, t: Translate): HookPanel['field'] {
  if (hook === 'postmark') return null;
  const label = t(`accounts.hooks.${hook}.field`);
  if (hook === 'ses') return { name: 'topicArn', type: 'text', label, hint: t('accounts.hooks.ses.hint') };
  const hint = t(on ? 'accounts.hooks.mailgun.kept' : 'accounts.hooks.mailgun.hint');
  return { name: 'signingKey', type: 'password', label, hint };
}
