// The same cases inside a Worker: a request for each, and for each step of a case that spans several.
import { cases } from './cases.mjs';
import { fetchClient } from './fetch-client.mjs';
import { contextOf, problemOf } from './run-case.mjs';

/** What the steps of one case share. @type {Map<string, any>} */
const contexts = new Map();

// biome-ignore lint/style/noDefaultExport: this is how the runtime finds a Worker.
export default {
  /**
   * @param {Request} request
   * @param {{ SERVERS: string }} env
   */
  async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const one = cases.find(({ name }) => name === searchParams.get('case'));
    if (one === undefined) return Response.json(cases.map(({ name, steps }) => ({ name, steps: steps?.length ?? 0 })));
    const step = searchParams.get('step');
    const context = contexts.get(one.name) ?? contextOf(fetchClient, JSON.parse(env.SERVERS));
    contexts.set(one.name, context);
    const problem = await problemOf(() => (step === null ? one.run(context) : one.steps[Number(step)](context)));
    return Response.json({ problem: problem ?? null });
  },
};
