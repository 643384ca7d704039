const DEFAULT = { domain: { id: 'default' } };
const ADMINISTRATOR: Login = {
  user: { name: 'admin', ...DEFAULT, password: 'admin-pass' },
  scope: { project: { name: 'admin', ...DEFAULT } },
};

interface Login {
  readonly user: object;
  readonly scope: object;
}

/** The administrator, or another user, over plain `fetch`: what a test wants done is not done by what it tests. */
export class Administrator {
  readonly #origin: string;
  readonly token: string;

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.token = token;
  }

  static async logIn(origin: string, { user, scope } = ADMINISTRATOR): Promise<Administrator> {
    const response = await fetch(`${origin}/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
    });
    const token = response.headers.get('x-subject-token');
    if (token === null) throw new Error(`a helper was refused: ${response.status} ${await response.text()}`);
    return new Administrator(origin, token);
  }

  /** @returns The id of what was created. */
  async create(kind: string, about: object): Promise<string> {
    const created = await this.send('POST', `/${kind}s`, { [kind]: about });
    return (created as Record<string, { id: string }>)[kind]?.id as string;
  }

  async assign(roleName: string, userId: string, projectId: string): Promise<void> {
    const { roles } = (await this.send('GET', `/roles?name=${roleName}`)) as { roles: { id: string }[] };
    await this.send('PUT', `/projects/${projectId}/users/${userId}/roles/${roles[0]?.id}`);
  }

  /** Ends a token before its time. */
  async revoke(token: string): Promise<void> {
    await this.send('DELETE', '/auth/tokens', undefined, { 'x-subject-token': token });
  }

  async send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${this.#origin}/v3${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-auth-token': this.token, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
