import { FetchAttempt } from '../web/attempt.ts';

/** A hop of a redirect that is signed by hand. */
export class SignedHop extends FetchAttempt {
  /** The bytes that will be sent. Default: nobody can show them. */
  readBody: () => Promise<Uint8Array | undefined> = () => Promise.resolve(undefined);
}
