import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { directionOf, languages, type Translate } from '../i18n/index.ts';
import type { Assets } from './assets.ts';
import { signedOutCsrf } from './csrf.ts';
import { nameFaults, tellUnseen } from './faults.ts';
import type { Notice } from './session.ts';
import { hasRole, staffOf, type Role, type Staff } from './staff.ts';
import type { Html, Render, Templates } from './render.ts';

export interface NavItem {
  href: string;
  /** Message key. */
  text: string;
  role: Role;
  /** Needed seldom: stands under "More", where there is more than one such entry, so that the others keep one line. */
  more?: boolean;
}

interface NavLink {
  href: string;
  text: string;
  current: boolean;
  mark: { text: string; said: string } | null;
}

interface Base {
  title: string;
  language: string;
  css: string;
  body: Html;
}

export interface StaffLayout extends Base {
  nav: NavLink[];
  /** Empty where nothing is put by. */
  more: NavLink[];
  me: { name: string; first: string; current: boolean };
  notice: Notice | null;
  scripts: string[];
  refresh: number | null;
}

export type PlainLayout = Base;

/** A picture with the room that it takes, in CSS pixels, so that nothing moves when it comes. */
interface Picture {
  src: string;
  width: number;
  height: number;
}

export interface AskLayout extends Base {
  direction: 'ltr' | 'rtl';
  house: string;
  /** Stands in the place of the house's name, which is then its alternative text. */
  logo: Picture | null;
  languages: { code: string; name: string; href: string; current: boolean }[];
  /** Lines below the letter, the last with a link to the privacy notice where there is one. */
  footer: { text: string; privacy: { href: string; text: string } | null };
  scripts: string[];
}

declare module './render.ts' {
  interface Templates {
    'layouts/staff': StaffLayout;
    'layouts/plain': PlainLayout;
    'layouts/ask': AskLayout;
  }
}

interface StaffPage {
  title: string;
  /** The navigation entry that this page belongs to. */
  section?: string;
  status?: number;
  /** Enhancements from public/js, by name. */
  scripts?: string[];
  /** Reload after so many seconds, for progress without JavaScript. */
  refresh?: number;
}

export interface AskPage {
  title: string;
  t: Translate;
  house: string;
  logo?: Picture | null;
  footer: AskLayout['footer'];
  /** Languages to switch to; empty where there is no choice. */
  languages: { code: string; href: string }[];
  status?: number;
  scripts?: string[];
}

export interface Pages {
  /** A page for somebody signed in. */
  staff<K extends keyof Templates>(req: Request, res: Response, name: K, v: Templates[K], page: StaffPage): void;
  /** A page for somebody who is not: sign-in, set-up, errors. */
  plain<K extends keyof Templates>(
    res: Response,
    name: K,
    v: Templates[K],
    page: { title: string; t: Translate; status?: number },
  ): void;
  /** A page that customers meet. */
  ask<K extends keyof Templates>(res: Response, name: K, v: Templates[K], page: AskPage): void;
  /** The same as text, for `send`: for what is the same for many. */
  letter<K extends keyof Templates>(name: K, v: Templates[K], page: AskPage): string;
  /** A document of its own, with a style sheet of its own from public/css: what is printed. */
  document<K extends keyof Templates>(res: Response, name: K, make: (css: string) => Templates[K], css: string): void;
  /** Sends markup that `letter` made. */
  send(res: Response, status: number, letter: string): void;
}

const BRAND = 'Comeback';

export function createPages(render: Render, assets: Assets, nav: NavItem[]): Pages {
  const css = assets.url('/css/comeback.css');
  const script = (name: string) => assets.url(`/js/${name}.js`);
  const navFor = ({ role, t, marks }: Staff, section: string | undefined): Pick<StaffLayout, 'nav' | 'more'> => {
    const own = nav.filter((item) => hasRole(role, item.role));
    const link = ({ href, text }: NavItem) => ({
      href,
      text: t(text),
      current: href === section,
      mark: marks?.[href] ?? null,
    });
    const [first, more] = [own.filter((item) => !item.more), own.filter((item) => item.more)];
    return more.length > 1 ? { nav: first.map(link), more: more.map(link) } : { nav: own.map(link), more: [] };
  };

  const letter: Pages['letter'] = (name, v, page) => {
    const { title, t, house, logo = null, footer, languages: offered, scripts = [] } = page;
    const context = { t, csrf: '' };
    const layout: AskLayout = {
      title: house ? `${title} – ${house}` : title,
      language: t.language,
      direction: directionOf(t.language),
      css,
      house,
      logo,
      languages: offered.length > 1 ? offered.map((each) => choice(each, t.language)) : [],
      footer,
      scripts: scripts.map(script),
      body: render(name, v, context),
    };
    return textOf(render('layouts/ask', layout, context), t);
  };

  return {
    staff(req, res, name, v, { title, section, status = 200, scripts = [], refresh }) {
      const staff = staffOf(res);
      const context = { t: staff.t, csrf: staff.csrf, once: randomUUID() };
      const notice = req.session.notice ?? null;
      delete req.session.notice;
      const layout: StaffLayout = {
        title: `${title} – ${BRAND}`,
        language: staff.language,
        css,
        ...navFor(staff, section),
        me: { name: staff.name, first: staff.name.split(' ')[0] ?? staff.name, current: section === '/me' },
        notice,
        scripts: scripts.map(script),
        refresh: refresh ?? null,
        body: render(name, v, context),
      };
      send(res, status, textOf(render('layouts/staff', layout, context), staff.t));
    },
    plain(res, name, v, { title, t, status = 200 }) {
      const context = { t, csrf: signedOutCsrf(res) };
      const body = render(name, v, context);
      const layout = { title: `${title} – ${BRAND}`, language: t.language, css, body };
      send(res, status, textOf(render('layouts/plain', layout, context), t));
    },
    ask(res, name, v, page) {
      send(res, page.status ?? 200, letter(name, v, page));
    },
    letter,
    document(res, name, make, sheet) {
      const { t, csrf } = staffOf(res);
      send(res, 200, textOf(render(name, make(assets.url(`/css/${sheet}.css`)), { t, csrf }), t));
    },
    send,
  };
}

function choice({ code, href }: { code: string; href: string }, current: string) {
  const name = languages.find((each) => each.code === code)?.name ?? code;
  return { code, href, name, current: code === current };
}

function textOf(html: Html, t: Translate): string {
  const unseen = { says: t('form.invalid'), instead: t('form.unseen') };
  return nameFaults(tellUnseen(html as unknown as string, unseen));
}

/** One write of one string; Express would make a buffer of it and write its head apart. */
function send(res: Response, status: number, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(res.req.method === 'HEAD' ? undefined : text);
}

/** Says something once, on the next page. */
export function notify(req: Request, text: string, undo?: Notice['undo']): void {
  req.session.notice = undo ? { text, undo } : { text };
}
