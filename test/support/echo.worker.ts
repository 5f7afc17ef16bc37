import { serve } from '../../src/shared/threads/serving.ts';

serve((ask) => {
  if (ask === 'end') process.exit();
  return { answer: ask === 'who' ? process.pid : ask };
});
