/** A mail server in a process of its own: tells its parent every message that it has accepted. */
import { startSmtp } from '../support/smtp.ts';

const smtp = await startSmtp();
const push = smtp.received.push.bind(smtp.received);
smtp.received.push = (...messages) => {
  for (const { to, source } of messages) process.send?.({ to, source });
  return push(...messages);
};
process.send?.({ url: smtp.url });
process.on('disconnect', () => process.exit(0));
