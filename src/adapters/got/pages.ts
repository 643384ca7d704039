/**
 * Pagination. got fetches each page by a call of its own, whose URL came from a server: nothing in that call says
 * where the caller started. So we send it along.
 */

import { chain } from '../../lifecycle/promises.ts';
import { GotCall } from './call.ts';
import type { GotOptions, GotRequestFunction, GotResponse } from './options.ts';

type Paginate = (page: { readonly response: GotResponse }) => Next | Promise<Next>;
type Next = false | { readonly request?: GotRequestFunction };

/** Options before got has read them, and options that it has. */
export interface PagedOptions {
  pagination?: { paginate?: unknown } | undefined;
}

const bound = new WeakSet<Paginate>();

/** An `init` hook: lets the credential of the first page stay at its origin on all further ones. */
export function bindPages(given: PagedOptions, merged: PagedOptions): void {
  const paginate = (given.pagination?.paginate ?? merged.pagination?.paginate) as Paginate | undefined;
  if (paginate === undefined || bound.has(paginate)) return;
  const bind: Paginate = (page) => chain(paginate(page), (next) => continued(next, page.response.request.options));
  bound.add(bind);
  given.pagination = { ...given.pagination, paginate: bind };
}

function continued(next: Next, former: GotOptions): Next {
  if (next === false || next === former) return next;
  const call = GotCall.of(former);
  return call === undefined ? next : { ...next, request: call.markedRequest(next.request) };
}
