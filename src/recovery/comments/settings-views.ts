import { languageCodes, languageIn, languageName, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView } from '../../web/index.ts';
import type { SavedSettings } from './settings-service.ts';
import { approvedField, textField } from './settings-form.ts';
import { PROMISES, type PromiseKey, type Starters } from './settings.ts';

export interface CommentSettingsPage {
  form: FormView;
  revision: number;
  colleagues: { value: string; text: string }[];
  offers: { value: string; text: string }[];
  promises: {
    key: PromiseKey;
    on: string;
    languages: { code: string; name: string; label: string; ok: string; okLabel: string }[];
  }[];
  links: { href: string; text: string }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'comments/settings': CommentSettingsPage;
  }
}

interface SettingsFacts {
  saved: SavedSettings;
  revision: number;
  starters: Starters;
  colleagues: { id: string; name: string }[];
  offers: { id: string; name: string }[];
  typed?: unknown;
  errors?: FieldErrors | undefined;
}

export function commentSettingsPage(facts: SettingsFacts, t: Translate): CommentSettingsPage {
  const { revision, colleagues, offers, typed, errors } = facts;
  return {
    form: formView(typed ?? valuesOf(facts), errors, t),
    revision,
    colleagues: [
      { value: '', text: t('comments.settings.nobody') },
      ...colleagues.map(({ id, name }) => ({ value: id, text: name })),
    ],
    offers: [
      { value: '', text: t('comments.settings.noGift') },
      ...offers.map(({ id, name }) => ({ value: id, text: name })),
    ],
    promises: PROMISES.map((key) => ({
      key,
      on: `${key}_on`,
      languages: languageCodes.map((code) => ({
        code,
        name: textField(key, code),
        label: languageName(code),
        ok: approvedField(key, code),
        okLabel: t('comments.settings.approve', { language: languageIn(code, t.language) }),
      })),
    })),
    links: [
      { href: '/tell-us', text: t('comments.open') },
      { href: '/comments/poster', text: t('comments.poster') },
      { href: '/comments', text: t('comments.title.staff') },
    ],
  };
}

function valuesOf({ saved, starters }: SettingsFacts): Record<string, string> {
  const values: Record<string, string> = {
    on: saved.on ? '1' : '',
    ownerId: saved.ownerId ?? '',
    answerHours: String(saved.answerHours),
    giftOfferId: saved.giftOfferId ?? '',
  };
  for (const which of PROMISES) {
    const { on, texts, approved } = saved[which];
    values[`${which}_on`] = on ? '1' : '';
    for (const language of languageCodes) {
      values[textField(which, language)] = texts[language] ?? starters[which][language] ?? '';
      values[approvedField(which, language)] = approved.includes(language) ? '1' : '';
    }
  }
  return values;
}
