import { CredentialError } from '../errors.ts';
import { notify } from '../lifecycle/promises.ts';
import { MAX_TIMER_MS, withDeadline } from './deadline.ts';
import { covers, unionOfDemands } from './demand.ts';
import { Flight } from './flight.ts';
import { lateError } from './renewal-errors.ts';
import type { CacheSettings } from './settings.ts';
import type { Demand, RenewalReason, Token } from './token.ts';

/** A flight counts as dead this long after its deadline, in milliseconds: its timers may just be slow. */
const GRACE_MS = 1000;

/** Lets one renewal run at a time. Callers who need more than it brings share the next one. */
export abstract class Flights {
  protected readonly settings: CacheSettings;
  #running: Flight | undefined;
  #queued: Flight | undefined;

  constructor(settings: CacheSettings) {
    this.settings = settings;
  }

  protected abstract run(flight: Flight, signal: AbortSignal): Promise<Token>;
  protected abstract succeed(flight: Flight, token: Token): void;
  protected abstract fail(flight: Flight, error: unknown): unknown;
  /** A flight is dead by the clock: what it holds is taken from it. */
  protected abstract abandoned(): void;

  /**
   * The flight under way. One whose deadline has passed unnoticed is dead: some runtimes cancel timers and I/O with the
   * request that began them.
   */
  get running(): Flight | undefined {
    const running = this.#running;
    if (running !== undefined && this.#leftMs(running) <= 0) this.#abandon(running);
    return this.#running;
  }

  create(reason: RenewalReason, demand: Demand | undefined, unwanted?: Token): Flight {
    return new Flight(reason, demand, unwanted, (flight) => this.#follow(flight));
  }

  /** The flight under way if it brings what is demanded, else the next one, which then brings the union of both. */
  board(running: Flight, reason: RenewalReason, demand: Demand | undefined): Flight {
    if (covers(running.demand, demand)) return running;
    this.#queued ??= this.create(reason, running.demand);
    this.#queued.demand = unionOfDemands(this.#queued.demand, demand);
    return this.#queued;
  }

  /** Detached from every caller: the deadline ends it, nobody's signal does. */
  launch(flight: Flight): Flight {
    const { clock, deadlineMs, waitUntil } = this.settings;
    this.#running = flight;
    flight.startedAt = clock.monotonic();
    const { controller } = flight;
    const work = this.run(flight, controller.signal);
    const late = () => lateError(flight, deadlineMs);
    const extraMs = () => this.#lifeMs(flight) - deadlineMs;
    withDeadline({ ms: deadlineMs, controller, late, extraMs }, () => work).then(
      (token) => flight.abandoned || this.succeed(flight, token),
      (error: unknown) => {
        if (flight.abandoned) return;
        if (flight.overtaken === 'set') this.#relaunch(flight);
        else this.fail(flight, error);
      },
    );
    // There may be no request to prolong.
    if (waitUntil !== undefined) notify(() => waitUntil(flight.promise.catch(noop)));
    return flight;
  }

  /** Makes room for the next flight. */
  protected land(): void {
    this.#running = undefined;
    const next = this.#queued;
    this.#queued = undefined;
    if (next !== undefined) this.launch(next);
  }

  /** Ends what is under way: after `'set'` the waiters get the token that was set, after `'cleared'` none. */
  overtake(overtaken: 'set' | 'cleared', error: Error = overtakenError(overtaken)): void {
    if (overtaken === 'cleared') {
      this.#queued?.reject(error);
      this.#queued = undefined;
    }
    if (this.#running === undefined) return;
    this.#running.overtaken = overtaken;
    this.#running.controller.abort(error);
  }

  #relaunch(flight: Flight): void {
    flight.overtaken = undefined;
    flight.controller = new AbortController();
    this.launch(flight);
  }

  /** How long it may take: another time while its request must not be cut. */
  #lifeMs({ singleUse }: Flight): number {
    const { deadlineMs, refreshDeadlineMs } = this.settings;
    return singleUse ? refreshDeadlineMs : deadlineMs;
  }

  #leftMs(flight: Flight): number {
    return flight.startedAt + this.#lifeMs(flight) + GRACE_MS - this.settings.clock.monotonic();
  }

  #abandon(flight: Flight): void {
    const next = this.#queued;
    flight.abandoned = true;
    this.#running = undefined;
    this.abandoned();
    const error = lateError(flight, this.settings.deadlineMs);
    // Workers throw: the request belongs to another one, and has ended with it.
    notify(() => flight.controller.abort(error));
    flight.reject(error);
    if (next !== undefined && next === this.#queued) this.land();
  }

  /**
   * Waits for a flight with a deadline and a timer of the caller's own, which keeps the process alive as long as somebody
   * waits. A flight that turns out dead is replaced.
   */
  #follow(first: Flight): Promise<Token> {
    const { deadlineMs } = this.settings;
    return new Promise((resolve, reject) => {
      let flight = first;
      let leftMs = deadlineMs;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const arm = () => {
        const untilDead = flight.startedAt === 0 ? leftMs : Math.max(GRACE_MS / 10, this.#leftMs(flight));
        const ms = Math.min(leftMs, untilDead, MAX_TIMER_MS);
        timer = setTimeout(() => {
          leftMs -= ms;
          if (leftMs <= 0) reject(lateError(flight, deadlineMs));
          else if (this.running !== flight && flight.abandoned) attend(this.#replacement(flight));
          else arm();
        }, ms);
      };
      const attend = (joined: Flight) => {
        clearTimeout(timer);
        flight = joined;
        arm();
        // The next flight has a timer of its own.
        const end = () => flight === joined && clearTimeout(timer);
        joined.promise.then(
          (token) => {
            end();
            resolve(token);
          },
          (error: unknown) => {
            end();
            if (!joined.abandoned) reject(error);
            else if (flight === joined) attend(this.#replacement(joined));
          },
        );
      };
      attend(first);
    });
  }

  /** The first caller that finds a flight dead starts another one for all of them. */
  #replacement({ reason, demand, unwanted }: Flight): Flight {
    return this.running ?? this.launch(this.create(reason, demand, unwanted));
  }
}

function overtakenError(overtaken: 'set' | 'cleared'): CredentialError {
  return new CredentialError(`The token was ${overtaken} while it was being renewed.`);
}

function noop(): void {}
