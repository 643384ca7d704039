/** Exchanges with a server as they were on the wire, and a `fetch` that records or replays them. */

export interface RecordedExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
}

async function requestOf(...call: Parameters<typeof fetch>): Promise<RecordedExchange['request']> {
  const request = new Request(...call);
  const { method, url } = request;
  return { method, url, headers: [...request.headers], body: await request.text() };
}

/** Sends, and adds to the record. */
export function recorder(record: RecordedExchange[]): typeof fetch {
  return async (...call) => {
    const request = await requestOf(...call);
    const response = await fetch(...call);
    const [status, headers, body] = [response.status, [...response.headers], await response.text()];
    record.push({ request, response: { status, headers, body } });
    return new Response(body, { status, headers });
  };
}

/** Answers from the record, in its order, whatever is asked; what was asked goes into `asked`. */
export function replayer(record: readonly RecordedExchange[], asked: RecordedExchange['request'][]): typeof fetch {
  return async (...call) => {
    asked.push(await requestOf(...call));
    const answer = record[asked.length - 1]?.response;
    if (answer === undefined) throw new Error('the record has no more answers');
    return new Response(answer.body, { status: answer.status, headers: answer.headers.map(([...pair]) => pair) });
  };
}
