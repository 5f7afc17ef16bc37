import { createServer, type Socket } from 'node:net';
import { chance } from './chance.ts';
import { ownPort } from './ports.ts';

/** At which step of a session the server misbehaves. */
type Step = 'greeting' | 'mail' | 'rcpt' | 'data' | 'body' | 'end';

/** What it does there. A number is a reply; what begins with `accept` has taken the message for good before. */
type Deed =
  | 421
  | 450
  | 550
  | 'close'
  | 'hang'
  /** Has taken the message, and then closes the line, answers nothing, answers too late, or only half. */
  | 'acceptClose'
  | 'acceptHang'
  | 'acceptLate'
  | 'acceptHalf';

export interface Fault {
  name: string;
  step: Step;
  deed: Deed;
  /** Of all that come to this step. */
  share: number;
  /** With every try, for the addresses that it concerns; else each try is drawn for itself. */
  always?: boolean;
}

/** What became of one try to hand over a message. */
export interface Try {
  /** Milliseconds of this machine. */
  at: number;
  to: string;
  from: string;
  /** '' where it never came to the message. */
  messageId: string;
  outcome: 'accepted' | 'refused' | 'later' | 'lost';
  /** The message was on its way when it was lost. */
  inBody: boolean;
  source: string;
}

export interface Sink {
  port: number;
  /** Begins anew: other faults, nothing seen. */
  begin(manners: Manners): void;
  tries: Try[];
  /** How often each fault has happened. */
  met: Map<string, number>;
  faults: Fault[];
  down(): Promise<void>;
  up(): Promise<void>;
  /** Resolves when so many tries have been seen, or after so many milliseconds. */
  seen(tries: number, withinMs: number): Promise<void>;
  close(): Promise<void>;
}

interface Manners {
  seed: number;
  faults: Fault[];
  pipelining: boolean;
  /** Milliseconds that each message takes, at most. */
  slowness: number;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const SAID: Record<number, string> = {
  421: '421 4.3.2 closing',
  450: '450 4.2.1 later',
  550: '550 5.1.1 no',
};

/**
 * A mail server that keeps to the protocol until its plan says otherwise, and remembers what it has really taken.
 * `lateMs`: longer than the sender waits.
 */
export async function startSink(lateMs: number): Promise<Sink> {
  let [seed, pipelining, slowness] = [0, false, 0];
  const sockets = new Set<Socket>();
  const numbers = { greeting: 0, mail: 0 };
  const triesOf = new Map<string, number>();
  const watchers = new Set<() => void>();
  let server = createServer();

  const sink: Sink = {
    port: await ownPort(),
    tries: [],
    met: new Map(),
    faults: [],
    begin(manners) {
      ({ seed, pipelining, slowness } = manners);
      [sink.faults, sink.tries, sink.met] = [manners.faults, [], new Map()];
      triesOf.clear();
    },
    async down() {
      for (const socket of sockets) socket.resetAndDestroy();
      await new Promise((closed) => server.close(closed));
    },
    async up() {
      server = createServer(talk);
      await new Promise<void>((ready) => server.listen(sink.port, '127.0.0.1', ready));
    },
    async seen(tries, withinMs) {
      if (sink.tries.length >= tries) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        const look = () => sink.tries.length >= tries && done();
        const timer = setTimeout(done, withinMs);
        watchers.add(look);
      });
    },
    close: () => (server.listening ? sink.down() : Promise.resolve()),
  };

  /** What happens at that step, drawn by what stands there: a connection, a sender, an address and its try. */
  const drawn = (step: Step, what: string, address = ''): Deed | undefined => {
    for (const { name, deed, share, always, ...fault } of sink.faults) {
      if (fault.step !== step) continue;
      if (!chance(seed, `${name} ${always ? address : what}`).happens(share)) continue;
      sink.met.set(name, (sink.met.get(name) ?? 0) + 1);
      return deed;
    }
    return undefined;
  };

  const note = (entry: Try) => {
    sink.tries.push(entry);
    for (const look of [...watchers]) look();
  };

  function talk(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      // Whoever was sending has gone in the middle of it.
      if (inBody && to !== '') note({ ...begin('lost'), inBody });
    });
    socket.setEncoding('latin1').setNoDelay();
    let [waiting, busy, inBody, cut] = ['', false, false, false];
    let [from, to, number] = ['', '', 0];

    const say = (text: string) => void (socket.writable && socket.write(`${text}\r\n`));
    const begin = (outcome: Try['outcome']): Try => {
      return { at: performance.now(), to, from, messageId: '', outcome, inBody: false, source: '' };
    };
    const leave = () => {
      if (to !== '') note({ ...begin('lost'), inBody });
      [to, inBody] = ['', false];
      if (number % 2 === 0) socket.resetAndDestroy();
      else socket.end();
    };
    /** @returns whether the step goes on as it should */
    const passes = (step: Step, what: string): boolean => {
      const deed = drawn(step, what, to);
      if (deed === undefined) return true;
      if (deed === 'close') leave();
      else if (typeof deed === 'number') {
        say(SAID[deed] ?? '');
        if (to !== '') note(begin(deed === 550 ? 'refused' : 'later'));
        to = '';
        if (deed === 421) socket.end();
      } else if (to !== '') note({ ...begin('lost'), inBody });
      // A server that hangs reads nothing any more either.
      if (deed === 'hang') socket.removeAllListeners('data');
      return false;
    };

    const take = async (source: string) => {
      const messageId = /^Message-ID: <([^>]+)>/im.exec(source)?.[1] ?? '';
      const entry = { ...begin('accepted'), messageId, inBody: true, source };
      await sleep(chance(seed, `pace ${messageId}`).next() * slowness);
      // Whoever has the whole message may keep it, though nobody is there any more to be told.
      const gone = () => (chance(seed, `gone ${to} ${number}`).happens(0.7) ? 'acceptClose' : 'close');
      const deed = socket.destroyed ? gone() : drawn('end', `${to} ${number}`, to);
      if (deed === undefined || deed.toString().startsWith('accept')) note({ ...entry, at: performance.now() });
      else if (typeof deed === 'number') note({ ...entry, outcome: deed === 550 ? 'refused' : 'later' });
      else note({ ...entry, outcome: 'lost' });
      to = '';
      if (deed === undefined) say('250 2.0.0 taken');
      else if (typeof deed === 'number') say(SAID[deed] ?? '');
      else if (deed === 'acceptHalf') socket.end('250 2.0.0 tak');
      else if (deed === 'acceptLate') await sleep(lateMs).then(() => say('250 2.0.0 taken'));
      else if (deed === 'acceptHang' || deed === 'hang') socket.removeAllListeners('data');
      else leave();
      if (deed === 421) socket.end();
    };

    const command = async (line: string) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') say(pipelining ? '250-sink\r\n250-PIPELINING\r\n250 8BITMIME' : '250-sink\r\n250 8BITMIME');
      else if (verb === 'HELO' || verb === 'RSET') say('250 2.0.0 ok');
      else if (verb === 'MAIL') {
        [from, to] = [/<([^>]*)>/.exec(line)?.[1] ?? '', ''];
        if (passes('mail', String(++numbers.mail))) say('250 2.1.0 ok');
        else from = '';
      } else if (verb === 'RCPT') {
        if (from === '') return say('503 5.5.1 no sender');
        to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        number = (triesOf.get(to) ?? 0) + 1;
        triesOf.set(to, number);
        if (passes('rcpt', `${to} ${number}`)) say('250 2.1.5 ok');
        else to = '';
      } else if (verb === 'DATA') {
        if (to === '') return say('503 5.5.1 no recipient');
        if (!passes('data', `${to} ${number}`)) return;
        say('354 go on');
        inBody = true;
        cut = drawn('body', `${to} ${number}`, to) !== undefined;
      } else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n');
      else say('500 5.5.2 what');
    };

    /** One thing after the other, also where everything came at once. */
    const goOn = async () => {
      if (busy) return;
      busy = true;
      for (;;) {
        const mark = inBody ? '\r\n.\r\n' : '\r\n';
        const end = waiting.indexOf(mark);
        if (end < 0 || socket.destroyed) break;
        const part = waiting.slice(0, end);
        waiting = waiting.slice(end + mark.length);
        if (inBody) {
          inBody = false;
          await take(part.replaceAll('\r\n..', '\r\n.'));
        } else await command(part);
      }
      busy = false;
    };
    socket.on('data', (chunk) => {
      waiting += String(chunk);
      if (inBody && cut && !busy) leave();
      else void goOn();
    });
    if (passes('greeting', String(++numbers.greeting))) say('220 sink ESMTP');
  }

  await sink.up();
  return sink;
}
