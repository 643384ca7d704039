/**
 * A call that follows redirects by hand, where the platform shows them: Node, Deno, Bun and Workers do. A resend repeats the
 * hop that was refused, and no hop before it.
 */

import { present } from './attempt.ts';
import { abandon, discard } from './body.ts';
import { FetchCall } from './call.ts';
import { verified } from './integrity.ts';
import { assertObedient, seesRedirects } from './platform.ts';
import { RedirectChain } from './redirect.ts';

export class FollowingCall extends FetchCall {
  #chain: RedirectChain | undefined;
  #integrity: string | undefined;

  override request(): this {
    super.request();
    for (const name of this.#chain?.droppedHeaders ?? []) this.headers.remove(name);
    return this;
  }

  /** Only so is nothing sent again that has had its effect. */
  protected override needsHand(): boolean {
    return seesRedirects || super.needsHand();
  }

  override follow(response: Response): Response | Promise<Response> {
    const last = super.follow(response);
    const chain = this.#chain;
    return chain && last === response
      ? present(response, this.plainUrl, true, chain.hasLeft ? 'cors' : response.type)
      : last;
  }

  protected override async followOn(response: Response): Promise<Response> {
    try {
      assertObedient(this.fetch, response);
      this.#advance(response);
    } catch (error) {
      abandon(response.body);
      throw error;
    }
    await discard(response);
    await this.exchange.prepareHop(this.request());
    return this.follow(await this.dispatch());
  }

  /** From here on, the call is the hop: no resend goes back behind it. */
  #advance(response: Response): void {
    this.#chain ??= new RedirectChain(
      this.plainUrl,
      this.method,
      this.replayable,
      this.option('referrer'),
      this.option('referrerPolicy'),
    );
    this.#chain.advance(response);
    const { url, method, referrer, referrerPolicy, bodyDropped } = this.#chain;
    this.plainUrl = url.href;
    this.method = method;
    Object.assign(this.init, { method, referrer, referrerPolicy });
    if (bodyDropped) this.dropBody();
  }

  override deliver(response: Response): Response | Promise<Response> {
    return this.#integrity ? verified(response, this.#integrity) : response;
  }

  protected override dispatch(): Promise<Response> {
    if (!this.byHand) return super.dispatch();
    assertObedient(this.fetch);
    // That of a redirect is not what was asked for: the answer is checked in the end.
    this.#integrity ??= this.option('integrity') ?? '';
    return super.dispatch(this.#integrity ? { integrity: '' } : undefined);
  }
}
