import { Agent, Dispatcher1Wrapper } from 'undici';
import { onTestFinished } from 'vitest';

/** An undici pool that ends with the test. */
export function testAgent(connections?: number): Agent {
  const agent = new Agent(connections === undefined ? {} : { connections });
  onTestFinished(() => agent.destroy());
  return agent;
}

/**
 * Node's own fetch, on a pool of the given size if there is one. The wrapper makes a dispatcher of the installed
 * undici speak the older protocol of the one inside Node.
 */
export function pooledFetch(connections?: number): typeof fetch {
  if (connections === undefined) return fetch;
  const dispatcher = new Dispatcher1Wrapper(testAgent(connections));
  return (input, init) => fetch(input, { ...init, dispatcher } as RequestInit);
}
