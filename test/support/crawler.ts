import PostalMime from 'postal-mime';
import type { Received } from './smtp.ts';

const ADDRESS = /https?:\/\/[^\s"'<>()]+/g;
/** As often as the hastiest scanner of mail looks, and in both of its ways. */
const LOOKS = ['GET', 'HEAD', 'GET', 'HEAD', 'GET', 'HEAD'];
const MOST = 2000;

/** Every address that a message holds: in its text, in its pages, in the headers that mail programs act on. */
export async function addressesIn({ source }: Pick<Received, 'source'>): Promise<string[]> {
  const mail = await PostalMime.parse(source);
  const headers = mail.headers.map(({ value }) => value);
  const found = [mail.text ?? '', mail.html ?? '', ...headers].flatMap((part) => decoded(part).match(ADDRESS) ?? []);
  return [...new Set(found.map((address) => address.replace(/[.,;:]+$/, '')))];
}

interface Crawled {
  path: string;
  status: number;
}

/**
 * Fetches each address three times by GET and three times by HEAD, without cookies, and goes on with whatever the
 * answers lead to on the same server: links, pictures, scripts, forms' addresses, redirects.
 */
export async function crawl(from: string[], baseUrl: string): Promise<Crawled[]> {
  const waiting = from.map((address) => new URL(address, baseUrl));
  const seen = new Map<string, Crawled>();
  for (let next = waiting.pop(); next && seen.size < MOST; next = waiting.pop()) {
    next.hash = '';
    if (next.origin !== new URL(baseUrl).origin || seen.has(next.href)) continue;
    const answers = await Promise.all(LOOKS.map((method) => look(next, method)));
    const path = next.pathname + next.search;
    seen.set(next.href, { path, status: Math.max(...answers.map(({ status }) => status)) });
    for (const found of new Set(answers.flatMap(({ leadsTo }) => leadsTo))) waiting.push(new URL(found, next));
  }
  return [...seen.values()];
}

async function look(address: URL, method: string): Promise<{ status: number; leadsTo: string[] }> {
  const answer = await fetch(address, { method, redirect: 'manual' });
  const text = await answer.text();
  const isPage = answer.headers.get('content-type')?.includes('html') ?? false;
  const links = isPage ? [...text.matchAll(/\s(?:href|src|action|formaction)="([^"]*)"/g)] : [];
  const to = answer.headers.get('location');
  return { status: answer.status, leadsTo: [...links.map(([, link = '']) => decoded(link)), ...(to ? [to] : [])] };
}

function decoded(html: string): string {
  return html
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
