import { serve } from '../../shared/threads/serving.ts';
import { fitModel, forecast, type Purchases } from './model.ts';
import type { Ask } from './thread.ts';

/** What has been handed over so far to fit a model to. */
let gathered: Purchases[] = [];

serve((ask: Ask) => {
  if (ask.type === 'forecast') return forecast(ask.purchases, ask.model, ask.discount);
  if (ask.type === 'fit') return fitModel(together(gathered.splice(0)));
  if (ask.isFirst) gathered = [];
  gathered.push(ask.purchases);
});

function together(parts: Purchases[]): Purchases {
  const column = (name: keyof Purchases) => Float64Array.from(parts.flatMap((part) => [...part[name]]));
  return { frequency: column('frequency'), recency: column('recency'), age: column('age'), total: column('total') };
}
