/** A letter as a person's mail program writes it. */
export interface Written {
  from?: string;
  to: string;
  subject?: string;
  text?: string;
  html?: string;
  headers?: Record<string, string>;
  files?: { name: string; type: string; content: Buffer }[];
}

let letters = 0;

export function letterOf({ from = 'Anna Brandes <anna@example.org>', to, ...rest }: Written): Buffer {
  const { subject = 'Re: Kaffee', text, html, headers = {}, files = [] } = rest;
  const head = {
    From: from,
    To: to,
    Subject: subject,
    'Message-ID': `<letter-${++letters}@mail.example.org>`,
    'MIME-Version': '1.0',
    ...headers,
    'Content-Type': 'multipart/mixed; boundary="between"',
  };
  const bodies = [
    ...(text === undefined ? [] : [`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`]),
    ...(html === undefined ? [] : [`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`]),
    ...files.map(
      ({ name, type, content }) =>
        `Content-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n` +
        `Content-Transfer-Encoding: base64\r\n\r\n${inLines(content)}`,
    ),
  ];
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(
    `${lines.join('\r\n')}\r\n\r\n${bodies.map((body) => `--between\r\n${body}\r\n`).join('')}--between--\r\n`,
  );
}

const inLines = (content: Buffer) => content.toString('base64').replace(/(.{76})/g, '$1\r\n');
