/**
 * What only Node and platforms like it need: their http adapter, their streams, and printers that show what a client
 * holds. Browsers have none of them, and their fetch hides redirects.
 */

import { concealAgent, concealRequest, concealStream, plainResponseUrl } from './conceal-node.ts';
import { requiredCopy } from './copy-node.ts';
import { followByHand } from './hops.ts';
import { redirectHook } from './redirect.ts';
import { asNodeStream } from './stream-node.ts';
import { httpTarget } from './url.ts';

export const nodeSide = {
  asNodeStream,
  concealAgent,
  concealRequest,
  concealStream,
  followByHand,
  httpTarget,
  plainResponseUrl,
  redirectHook,
  requiredCopy,
};

export type NodeSide = typeof nodeSide;
