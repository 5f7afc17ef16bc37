import { createWebhooks } from './api/index.ts';
import { createMerging } from './merging/index.ts';
import { createPrivacy } from './privacy/index.ts';
import { createAsking } from './services/asking.ts';
import { createCaring } from './services/caring.ts';
import { createLetters } from './services/letters.ts';
import { passNewsOn } from './services/news.ts';
import { createPlatform, type ServicesOptions } from './services/platform.ts';
import { createRecords } from './services/records.ts';

export type { ServicesOptions } from './services/platform.ts';
export type Services = ReturnType<typeof createServices>;

/** Every feature's use cases, each with what it needs of the earlier ones, and the hooks between them. */
export function createServices(options: ServicesOptions) {
  const platform = createPlatform(options);
  const letters = createLetters(platform, options);
  const records = createRecords({ ...platform, ...letters }, (db, purchases) =>
    caring.recovery.offers.codesNamed(db, purchases),
  );
  const asking = createAsking({ ...platform, ...letters, ...records }, (db, ids) =>
    caring.recovery.payment.inConversation(db, ids),
  );
  const earlier = { ...platform, ...letters, ...records, ...asking };
  const caring = createCaring(earlier, options);
  const privacy = createPrivacy({ ...earlier, ...caring, erasures: options.erasures });
  const merging = createMerging({ ...earlier, ...caring });
  const webhooks = createWebhooks({ ...earlier, allowsPrivate: options.config.webhooksPrivate });

  const { leases, texts, render, signer } = platform;
  const all = { ...letters, ...records, ...asking, ...caring, privacy, merging, webhooks };
  passNewsOn(all);
  return { leases, texts, render, signer, ...all };
}
