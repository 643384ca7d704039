import { callBack } from '../callbacks.ts';
import { StepUpRequiredError } from '../errors.ts';
import { isInside } from '../neutral-context.ts';
import { printable } from '../secrets/printable.ts';
import { covers } from '../tokens/demand.ts';
import type { Demand, Token } from '../tokens/token.ts';
import type { TokenCache } from '../tokens/token-cache.ts';
import { present } from './present.ts';
import { scopeUnion } from './scope.ts';
import type { TokenChallenge } from './token-challenge.ts';

/** `true`: ask for a token that is what the server wants. A demand: ask for that. Anything else: the caller gets the error. */
export type StepUpAnswer = Demand | boolean | undefined;

/** Told that a server wants the user to prove more, or again, who they are; once for all who wait for it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that only observes returns nothing.
export type StepUpHandler = (error: StepUpRequiredError) => StepUpAnswer | void | Promise<StepUpAnswer | void>;

/** How long a person may take, in milliseconds. */
const PERSON_MS = 600_000;

interface StepUp {
  readonly wanted: Demand;
  readonly outcome: Promise<Token>;
}

/**
 * Step-up authentication (RFC 9470): what happens once a server is content with a token but not with how the user
 * authenticated. Nothing is asked twice for one token, so that no server can send us round in circles.
 */
export class StepUps {
  readonly #cache: TokenCache;
  readonly #handler: StepUpHandler | undefined;
  readonly #underWay = new WeakMap<Token, StepUp>();

  constructor(cache: TokenCache, handler: StepUpHandler | undefined) {
    this.#cache = cache;
    this.#handler = handler;
  }

  /**
   * A token that is what the challenge wants.
   *
   * @throws {@link StepUpRequiredError} (as a rejection) when nobody can or wants to get one.
   */
  async meet(refused: Token, challenge: TokenChallenge, origin: string): Promise<Token> {
    const wanted = demandOf(challenge, refused);
    const fitting = isEmpty(wanted) ? undefined : this.#cache.peek(wanted);
    if (fitting !== undefined && fitting.accessToken !== refused.accessToken) return fitting;
    const underWay = this.#underWay.get(refused);
    const isOurOwn = isInside(this);
    if (!isOurOwn && underWay !== undefined && covers(underWay.wanted, wanted)) return underWay.outcome;
    if (isOurOwn) throw stepUpRequired(challenge, origin, "'onStepUp' has sent this request.");
    if (fitting !== undefined) throw stepUpRequired(challenge, origin, 'It was asked for already, and is not enough.');
    return this.#begin(refused, wanted, stepUpRequired(challenge, origin, "Option 'onStepUp' can get a better token."));
  }

  #begin(refused: Token, wanted: Demand, error: StepUpRequiredError): Promise<Token> {
    const outcome = this.#ask(refused, wanted, error);
    this.#underWay.set(refused, { wanted, outcome });
    outcome.catch(() => this.#underWay.delete(refused));
    return outcome;
  }

  async #ask(refused: Token, wanted: Demand, error: StepUpRequiredError): Promise<Token> {
    const before = this.#cache.peek()?.accessToken;
    const answer = await this.#tell(error);
    if (answer === undefined || answer === false) throw error;
    const after = this.#cache.peek();
    const isNew = after?.accessToken !== before && after?.accessToken !== refused.accessToken;
    // The handler has logged in by itself.
    if (after !== undefined && isNew) return after;
    const demand = answer === true ? wanted : answer;
    const token = await (isEmpty(demand) ? this.#cache.renew(refused) : this.#cache.get(demand));
    if (token.accessToken === refused.accessToken) throw error;
    return token;
  }

  async #tell(error: StepUpRequiredError): Promise<StepUpAnswer> {
    try {
      const handler = this.#handler;
      if (handler === undefined) return undefined;
      const call = () => handler(error);
      return (await callBack({ name: 'onStepUp', owner: this, ms: PERSON_MS }, call)) ?? undefined;
    } catch (cause) {
      const { message, acrValues, maxAgeMs, origin } = error;
      throw new StepUpRequiredError(`${message} It failed.`, { cause, ...present({ acrValues, maxAgeMs, origin }) });
    }
  }
}

function demandOf({ scope, claims, acrValues, maxAgeMs }: TokenChallenge, refused: Token): Demand {
  return present({ scope: scope && scopeUnion(refused.scope, scope), claims, acrValues, maxAgeMs });
}

function isEmpty(demand: Demand): boolean {
  return Object.values(demand).every((value) => value === undefined);
}

function stepUpRequired({ acrValues, maxAgeMs }: TokenChallenge, origin: string, hint: string): StepUpRequiredError {
  const level = acrValues === undefined ? [] : [`acr_values '${printable(acrValues)}'`];
  const age = maxAgeMs === undefined ? [] : [`max_age ${maxAgeMs / 1000}`];
  const details = [...level, ...age].join(' and ');
  const message = `${origin} wants the user to authenticate again${details && `, with ${details}`}. ${hint}`;
  return new StepUpRequiredError(message, present({ acrValues, maxAgeMs, origin }));
}
