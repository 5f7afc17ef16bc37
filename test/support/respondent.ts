import type { Asking } from './asked.ts';

interface Seen {
  status: number;
  /** Where the browser ended up. */
  path: string;
  text: string;
  title: string;
  h1: string;
  headers: Headers;
}

type Fields = Record<string, string | string[]>;

/** Somebody with a personal link and a browser without scripts. */
export function respondent({ signer, baseUrl }: Pick<Asking, 'signer' | 'baseUrl'>, invitationId: string) {
  const token = signer.sign('q', invitationId);
  const home = `/q/${token}`;
  const get = async (path = '') => await seen(await fetch(baseUrl + home + path));
  const post = async (path: string, fields: Fields, headers: Record<string, string> = { origin: baseUrl }) => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each);
    return await seen(await fetch(baseUrl + home + path, { method: 'POST', body, headers }));
  };
  return {
    invitationId,
    token,
    home,
    get,
    post,
    answer: (key: string, fields: Fields, query = '') => post(`/${key}${query}`, fields),
    skip: (key: string) => post(`/${key}`, { skip: '1' }),
    send: () => post('/check-answers', {}),
  };
}

export type Respondent = ReturnType<typeof respondent>;

async function seen(response: Response): Promise<Seen> {
  const text = await response.text();
  const { pathname, search } = new URL(response.url);
  return {
    status: response.status,
    path: pathname + search,
    text,
    title: decoded(/<title>(.*?)<\/title>/s.exec(text)?.[1] ?? ''),
    h1: decoded((/<h1>(.*?)<\/h1>/s.exec(text)?.[1] ?? '').replace(/<[^>]+>/g, '')),
    headers: response.headers,
  };
}

function decoded(html: string): string {
  return html.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
