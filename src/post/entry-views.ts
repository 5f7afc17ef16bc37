import { wholeName, wholeView, wishView, type WholeBody, type WholeView, type WishView } from '../answering/index.ts';
import { languageName, type Texts, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import type { Response } from '../responses/index.ts';
import { formView, type FormView } from '../web/index.ts';
import type { Sheet } from './entry-service.ts';

export interface EntryCodePage {
  form: FormView;
  waiting: { href: string; text: string } | null;
}

export interface EntryPage {
  form: FormView;
  name: string;
  wave: string;
  language: string;
  action: string;
  back: string;
  /** Answers that are there already. */
  there: { text: string; href: string } | null;
  whole: WholeView;
  wish: WishView;
  received: { max: string };
  stop: boolean;
  undelivered: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'post/entry-code': EntryCodePage;
    'post/entry': EntryPage;
  }
}

interface EntryFacts {
  sheet: Sheet;
  name: string | undefined;
  wave: string;
  response: Response | undefined;
  today: string;
  texts: Texts;
  typed?: WholeBody;
  errors?: FieldErrors;
}

export function entryPage(facts: EntryFacts, t: Translate): EntryPage {
  const { sheet, response, today, texts } = facts;
  const { invitation, definition } = sheet;
  const typed = facts.typed ?? {};
  const form = formView({ received: typed.received ?? today }, pointed(facts), t);
  const own = texts.to(invitation.language, definition.familiar ?? []);
  const common = { definition, language: invitation.language, seed: invitation.id, follow: 'printed' as const };
  return {
    form,
    name: facts.name ?? t('post.somebody'),
    wave: facts.wave,
    language: languageName(invitation.language),
    action: `/letters/entry/${invitation.id}`,
    back: '/letters/entry',
    there: response
      ? {
          text: t('post.entry.there', { mode: t(`responses.mode.${response.mode}`) }),
          href: `/responses/${response.id}`,
        }
      : null,
    whole: wholeView({ ...common, typed, errors: form.errors, t: own }),
    wish: wishView(typed, own),
    received: { max: today },
    stop: typed.stop === '1',
    undelivered: response || invitation.delivery !== 'sent' ? null : `/letters/entry/${invitation.id}/return`,
  };
}

/** An empty sheet is said at its first question. */
function pointed({ sheet, errors }: EntryFacts): FieldErrors | undefined {
  const [question] = sheet.definition.questions;
  if (!errors?.form || !question) return errors;
  const { form, ...others } = errors;
  return { [wholeName({ question, part: 'main' })]: form, ...others };
}
