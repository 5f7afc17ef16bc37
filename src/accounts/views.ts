import { languages, type Translate } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView, type Role } from '../web/index.ts';
import type { Choice } from './choices.ts';
import type { Choosable, Colleague, News } from './interface.ts';

export interface SignInPage {
  form: FormView;
  next: string;
  note: string | null;
}

export interface ForgotPage {
  form: FormView;
}

/** A sentence and a way on. */
export interface SaidPage {
  heading: string;
  text: string;
  link: Choice | null;
}

/** Choosing a password: after an invitation, or because the old one was forgotten. */
export interface PasswordPage {
  form: FormView;
  heading: string;
  lead: string;
  /** That somebody else is signed in here at the moment. */
  note: string | null;
  email: string;
  button: string;
}

export interface FirstPage {
  form: FormView;
  languages: Choice[];
}

export interface MePage {
  problems: FormView;
  form: FormView;
  name: string;
  email: string;
  role: string;
  languages: Choice[];
  links: Choice[];
  /** Of their own doings, from later features. */
  news: News | null;
  choosable: Choosable | null;
}

/** An imprint or a privacy notice: its paragraphs, and their lines. */
export interface NoticePage {
  heading: string;
  paragraphs: string[][];
}

declare module '../web/render.ts' {
  interface Templates {
    'accounts/sign-in': SignInPage;
    'accounts/forgot': ForgotPage;
    'accounts/said': SaidPage;
    'accounts/password': PasswordPage;
    'accounts/first': FirstPage;
    'accounts/me': MePage;
    'accounts/notice': NoticePage;
  }
}

const ROLES: Role[] = ['staff', 'manager', 'administrator'];

export function roleName(role: Role, t: Translate): string {
  return t(`accounts.role.${role}`);
}

/** What each role may do, in the words of the select. */
export function roleChoices(t: Translate): Choice[] {
  return ROLES.map((role) => ({ value: role, text: `${roleName(role, t)} – ${t(`accounts.role.${role}.may`)}` }));
}

export function languageChoices(): Choice[] {
  return languages.map(({ code, name }) => ({ value: code, text: name }));
}

export function paragraphsOf(text: string): string[][] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0);
}

/** Somebody's own page: who they are, their words, their password. */
export function mePage(me: Colleague, links: Choice[], t: Translate, typed?: unknown, errors?: FieldErrors): MePage {
  const form = formView(typed ?? { name: me.name, title: me.title, language: me.language }, errors, t);
  const { name, title, language } = me;
  return {
    problems: form,
    form: { ...form, values: { name, title, language, ...form.values } },
    name,
    email: me.email,
    role: roleName(me.role, t),
    languages: languageChoices(),
    links,
    news: null,
    choosable: null,
  };
}
