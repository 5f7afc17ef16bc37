/** People with browsers without scripts. Whatever the server drops is tried again, as people do. */
const TOKEN = /name="csrf" value="([^"]+)"/;
const PATIENCE_MS = 60_000;

/** The server answered, and said no. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Tries until the server answers: it may just be starting again. Answers are passed on as they are. */
export async function patiently(request: () => Promise<Response>): Promise<Response> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const response = await request();
      // It may be killed between the head of its answer and the end of it.
      await response.clone().arrayBuffer();
      if (response.status < 500 || performance.now() > end) return response;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

export interface Colleague {
  get(path: string): Promise<string>;
  post(path: string, fields: Record<string, string>): Promise<string>;
  /** Posts a file and returns the page that it led to. */
  upload(
    path: string,
    fields: Record<string, string>,
    file: { name: string; content: string },
  ): Promise<{ path: string; text: string }>;
}

/** Somebody who works there, signed in. */
export async function signedIn(baseUrl: string, email: string, password: string): Promise<Colleague> {
  const cookies = new Map<string, string>();
  let csrf = '';

  async function request(path: string, init: RequestInit = {}): Promise<{ path: string; text: string }> {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin: baseUrl };
    const response = await patiently(() => fetch(baseUrl + path, { ...init, headers, redirect: 'manual' }));
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    if (location) return await request(new URL(location, baseUrl).href.slice(baseUrl.length));
    if (response.status >= 400)
      throw new Refused(
        response.status,
        `${init.method ?? 'GET'} ${path}: ${response.status} ${text.replace(/<[^>]+>|\s+/g, ' ').slice(0, 600)}`,
      );
    csrf = TOKEN.exec(text)?.[1] ?? csrf;
    return { path, text };
  }

  const somebody: Colleague = {
    get: async (path) => (await request(path)).text,
    post: async (path, fields) =>
      (await request(path, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }) })).text,
    async upload(path, fields, file) {
      const body = new FormData();
      for (const [name, value] of Object.entries({ csrf, ...fields })) body.append(name, value);
      body.append('file', new Blob([file.content], { type: 'text/csv' }), file.name);
      return await request(path, { method: 'POST', body });
    },
  };
  await somebody.get('/sign-in');
  await somebody.post('/sign-in', { email, password });
  await somebody.get('/me');
  return somebody;
}

export interface Acknowledged {
  invitationId: string;
  text: string;
}

/**
 * Follows a personal link and answers: the reason to the first question, nothing to the rest, and sends it.
 * `onSaved` hears of every answer that the server has acknowledged.
 */
export async function answer(link: string, reason: string, onSaved: (saved: Acknowledged) => void): Promise<number> {
  const { origin } = new URL(link);
  const headers = { origin };
  let requests = 1;
  let page = await look(await patiently(() => fetch(link)));
  for (let steps = 0; steps < 30; steps++) {
    if (page.thanked) return requests;
    const { action } = page;
    if (!action) throw new Error(`A page without a form at ${page.path}`);
    const isFirst = /\/happened$/.test(new URL(action, origin).pathname);
    const fields: Record<string, string> = isFirst ? { answer: reason } : action.includes('check') ? {} : { skip: '1' };
    const response = await patiently(() =>
      fetch(new URL(action, origin), {
        method: 'POST',
        headers,
        redirect: 'manual',
        body: new URLSearchParams(fields),
      }),
    );
    if (response.status !== 303) throw new Error(`POST ${action}: ${response.status}`);
    if (isFirst) onSaved({ invitationId: invitationIn(link), text: reason });
    const next = new URL(response.headers.get('location') ?? '', origin);
    page = await look(await patiently(() => fetch(next)));
    requests += 2;
  }
  throw new Error('The questionnaire had no end');
}

/** The first half of a link's token is the invitation's id; the rest is what nobody can make up. */
function invitationIn(link: string): string {
  const hex = Buffer.from(link.split('/').at(-1) ?? '', 'base64url')
    .subarray(0, 16)
    .toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

async function look(response: Response): Promise<{ path: string; action: string | undefined; thanked: boolean }> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} at ${new URL(response.url).pathname.slice(0, 3)}`);
  const path = new URL(response.url).pathname;
  return {
    path,
    action: /<form method="post" action="([^"]+)"/.exec(text)?.[1],
    thanked: text.includes('class="closed"'),
  };
}
