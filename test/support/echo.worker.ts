import { serve } from '../../src/shared/threads/serving.ts';

serve((ask) => {
  if (ask === 'end') process.exit();
  return ask === 'who' ? process.pid : ask;
});
