/** A mail server in a process of its own that takes everything, keeps nothing, and counts when it is asked. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const taken = { messages: 0, bytes: 0 };

const server = new SMTPServer({
  disabledCommands: ['AUTH'],
  hideSTARTTLS: true,
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.on('data', (part: Buffer) => (taken.bytes += part.length));
    stream.once('end', () => {
      taken.messages++;
      done(null);
    });
  },
});
server.listen(0, '127.0.0.1', () => process.send?.((server.server.address() as AddressInfo).port));
process.on('message', () => {
  process.send?.({ ...taken });
  Object.assign(taken, { messages: 0, bytes: 0 });
});
process.on('disconnect', () => process.exit(0));
