/** What a challenge says, as tests write it: the scheme, then its parameters or its token68. */
export type Said = readonly [scheme: string, content?: Readonly<Record<string, string>> | string];

/** Input, and what it says. */
export type Vector = readonly [input: string, ...said: Said[]];

export const published: readonly Vector[] = [
  // RFC 9110 §11.6.1
  [
    'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
    ['basic', { realm: 'simple' }],
    ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
  ],
  // RFC 7617 §2 and §2.1
  ['Basic realm="WallyWorld"', ['basic', { realm: 'WallyWorld' }]],
  ['Basic realm="foo", charset="UTF-8"', ['basic', { realm: 'foo', charset: 'UTF-8' }]],
  // RFC 7616 §3.9.1
  [
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, ' +
      'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    [
      'digest',
      {
        realm: 'http-auth@example.org',
        qop: 'auth, auth-int',
        algorithm: 'SHA-256',
        nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
        opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
      },
    ],
  ],
  // RFC 6750 §3
  ['Bearer realm="example"', ['bearer', { realm: 'example' }]],
  [
    'Bearer realm="example", error="invalid_token", error_description="The access token expired"',
    ['bearer', { realm: 'example', error: 'invalid_token', error_description: 'The access token expired' }],
  ],
  // RFC 9449 §7.1, §9 and figure 20
  ['DPoP algs="ES256 PS256"', ['dpop', { algs: 'ES256 PS256' }]],
  [
    'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"',
    ['dpop', { error: 'use_dpop_nonce', error_description: 'Resource server requires nonce in DPoP proof' }],
  ],
  ['Bearer, DPoP algs="ES256 PS256"', ['bearer'], ['dpop', { algs: 'ES256 PS256' }]],
  // RFC 9470 §3, without its line breaks
  [
    'Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", ' +
      'acr_values="myACR"',
    [
      'bearer',
      {
        error: 'insufficient_user_authentication',
        error_description: 'A different authentication level is required',
        acr_values: 'myACR',
      },
    ],
  ],
  [
    'Bearer error="insufficient_user_authentication", max_age="5"',
    ['bearer', { error: 'insufficient_user_authentication', max_age: '5' }],
  ],
  // RFC 9728 §5.1
  [
    'Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource"',
    ['bearer', { resource_metadata: 'https://resource.example.com/.well-known/oauth-protected-resource' }],
  ],
  // RFC 4559 §5
  ['Negotiate', ['negotiate']],
  ['Negotiate a87421000492aa874209af8bc028', ['negotiate', 'a87421000492aa874209af8bc028']],
  // RFC 7804 §5
  [
    'SCRAM-SHA-256 realm="realm3@example.com", SCRAM-SHA-1 realm="realm3@example.com", SCRAM-SHA-1 data=biwsbj11c2Vy',
    ['scram-sha-256', { realm: 'realm3@example.com' }],
    ['scram-sha-1', { realm: 'realm3@example.com' }],
    ['scram-sha-1', { data: 'biwsbj11c2Vy' }],
  ],
  // RFC 7486 §3
  ['HOBA challenge="MTIz", max-age=10', ['hoba', { challenge: 'MTIz', 'max-age': '10' }]],
];

export const providers: readonly Vector[] = [
  // Microsoft Entra, continuous access evaluation
  [
    'Bearer realm="", authorization_uri="https://login.example/common/oauth2/v2.0/authorize", ' +
      'error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="',
    [
      'bearer',
      {
        realm: '',
        authorization_uri: 'https://login.example/common/oauth2/v2.0/authorize',
        error: 'insufficient_claims',
        claims: 'eyJhY2Nlc3NfdG9rZW4iOnt9fQ==',
      },
    ],
  ],
  // Azure Key Vault and Docker's registry: no blank behind the comma
  [
    'Bearer authorization="https://login.example/tenant", resource="https://vault.example"',
    ['bearer', { authorization: 'https://login.example/tenant', resource: 'https://vault.example' }],
  ],
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    ['bearer', { realm: 'https://auth.example/token', service: 'registry.example', scope: 'repository:a/b:pull,push' }],
  ],
  // SharePoint: unquoted URL
  [
    'Bearer authorization_uri=https://login.example/common/oauth2/authorize',
    ['bearer', { authorization_uri: 'https://login.example/common/oauth2/authorize' }],
  ],
  // IIS and Exchange
  ['Negotiate, NTLM, Basic realm="mail.example"', ['negotiate'], ['ntlm'], ['basic', { realm: 'mail.example' }]],
  ['NTLM TlRMTVNTUAACAAAAAAAAADgAAAABggIC==', ['ntlm', 'TlRMTVNTUAACAAAAAAAAADgAAAABggIC==']],
  // Keystone
  ["Keystone uri='https://keystone.example:5000/v3'", ['keystone', { uri: "'https://keystone.example:5000/v3'" }]],
  ['Keystone uri="https://keystone.example:5000/v3"', ['keystone', { uri: 'https://keystone.example:5000/v3' }]],
  // lighttpd: stale digest
  [
    'Digest realm="r", charset="UTF-8", algorithm=MD5, nonce="66ab:0", qop="auth",stale=true',
    ['digest', { realm: 'r', charset: 'UTF-8', algorithm: 'MD5', nonce: '66ab:0', qop: 'auth', stale: 'true' }],
  ],
];

export const lists: readonly Vector[] = [
  [''],
  [' '],
  [',,, ,\t,'],
  ['Basic', ['basic']],
  ['  Basic  ', ['basic']],
  ['Basic,', ['basic']],
  [',Basic', ['basic']],
  ['Basic ,', ['basic']],
  ['A,B', ['a'], ['b']],
  ['A, , ,B', ['a'], ['b']],
  ['A ,\t, B ', ['a'], ['b']],
  ['A a=1,B b=2', ['a', { a: '1' }], ['b', { b: '2' }]],
  ['A a=1,,, b=2,', ['a', { a: '1', b: '2' }]],
  ['A ,, a=1 , ,b=2', ['a', { a: '1', b: '2' }]],
  ['A a=1, B, c=3', ['a', { a: '1' }], ['b', { c: '3' }]],
  ['A abc, B def==, C g=h', ['a', 'abc'], ['b', 'def=='], ['c', { g: 'h' }]],
  ['Digest a=1, Digest a=2', ['digest', { a: '1' }], ['digest', { a: '2' }]],
  ['BASIC REALM="X"', ['basic', { realm: 'X' }]],
  ["a-b.c_d!#$%&'*+^`|~9 x=y", ["a-b.c_d!#$%&'*+^`|~9", { x: 'y' }]],
];

export const parameters: readonly Vector[] = [
  ['A a = 1', ['a', { a: '1' }]],
  ['A a\t=\t"1" , b= 2', ['a', { a: '1', b: '2' }]],
  ['A   a=1', ['a', { a: '1' }]],
  ['A\ta=1', ['a', { a: '1' }]],
  ['A a=1\t,\tb=2', ['a', { a: '1', b: '2' }]],
  ['A a=1, A=2, a="3"', ['a', { a: '1' }]],
  ['A a="", a=2', ['a', { a: '' }]],
  ['A __proto__=1, constructor=2', ['a', { ['__proto__']: '1', constructor: '2' }]],
  ["A title*=UTF-8''%e2%82%ac", ['a', { 'title*': "UTF-8''%e2%82%ac" }]],
  ['A a=b=c', ['a', { a: 'b=c' }]],
  ['A a=b==', ['a', { a: 'b==' }]],
  ['A a=1 b=2, c=3', ['a', { a: '1', b: '2', c: '3' }]],
  ['A a="1" b="2"', ['a', { a: '1', b: '2' }]],
];

export const token68s: readonly Vector[] = [
  ['A b', ['a', 'b']],
  ['A b=', ['a', 'b=']],
  ['A b==', ['a', 'b==']],
  ['A b======', ['a', 'b======']],
  ['A b= , C', ['a', 'b='], ['c']],
  ['A -._~+/09azAZ', ['a', '-._~+/09azAZ']],
  ['A   b  ', ['a', 'b']],
  ['A YWxhZGRpbjpvcGVuc2VzYW1l, A realm="b"', ['a', 'YWxhZGRpbjpvcGVuc2VzYW1l'], ['a', { realm: 'b' }]],
  ['A b=, c="d"', ['a', 'b=']],
  ['A =='],
];

export const quoted: readonly Vector[] = [
  ['A a="b, C d=e"', ['a', { a: 'b, C d=e' }]],
  ['A a="Basic realm=\\"x\\", B"', ['a', { a: 'Basic realm="x", B' }]],
  ['A a="\\\\"', ['a', { a: '\\' }]],
  ['A a="\\a\\b\\\\\\""', ['a', { a: 'ab\\"' }]],
  ['A a="=", b=","', ['a', { a: '=', b: ',' }]],
  ['A a=" b "', ['a', { a: ' b ' }]],
  ['A a="\tb"', ['a', { a: '\tb' }]],
  ['A a="\xfcber \xe2\x82\xac"', ['a', { a: '\xfcber \xe2\x82\xac' }]],
  ['A a="\u20ac \u{1f600}"', ['a', { a: '\u20ac \u{1f600}' }]],
  ['A a="b";c, D', ['a', { a: 'b' }], ['d']],
  ['A a="b"c, d=e', ['a', { a: 'b', d: 'e' }]],
];

export const malformed: readonly Vector[] = [
  ['='],
  ['"'],
  ['"Basic realm=x"'],
  ['"Basic realm=x", A', ['a']],
  ['realm="x"'],
  ['realm="x", A', ['a']],
  ['A a=', ['a', 'a=']],
  ['A a=1, b=', ['a', { a: '1' }]],
  ['A a=1, b=, c=3', ['a', { a: '1', c: '3' }]],
  ['A a="b', ['a']],
  ['A a="b\\', ['a']],
  ['A a="b, C d="e"', ['a', { a: 'b, C d=' }]],
  ['A a=My App, b=2', ['a', { a: 'My', b: '2' }]],
  ['A a=1 B b=2, c=3', ['a', { a: '1', c: '3' }]],
  ['A a=1; b=2, c=3', ['a', { a: '1;', b: '2', c: '3' }]],
  ['A/b c=d, E', ['e']],
  ['A "b"', ['a']],
  ['A "b, C", d=e', ['a', { d: 'e' }]],
  ['<html>, A', ['a']],
  ['A a=b"c, D", e=f', ['a', { a: 'b', e: 'f' }]],
  ['\0, A', ['a']],
  ['\u20ac, A', ['a']],
];
