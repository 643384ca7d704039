/** How the body of a token request is written: the text, and its media type. */
export interface EncodedBody {
  /** The `Content-Type`. */
  readonly contentType: string;
  /** The body. */
  readonly body: string;
}

/**
 * Token requests as JSON, for servers that accept no form: option `encodeBody` of a grant. A parameter that is there more
 * than once becomes a list.
 *
 * @param form - The parameters, with those that authenticate the client.
 * @example
 * const source = clientCredentials({ tokenEndpoint, clientId, clientSecret, encodeBody: jsonBody });
 */
export function jsonBody(form: URLSearchParams): EncodedBody {
  const entry = (name: string) => {
    const values = form.getAll(name);
    return [name, values.length === 1 ? values[0] : values];
  };
  const members = Object.fromEntries([...new Set(form.keys())].map(entry));
  return { contentType: 'application/json', body: JSON.stringify(members) };
}
