/** The examples that the RFCs print, with their errata. */

const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };

export interface Vector {
  readonly name: string;
  readonly challenge: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly message: { readonly method: string; readonly uri: string };
  /** The client nonce, in base64, where the answer has one. */
  readonly cnonce?: string;
  readonly params: Readonly<Record<string, string>>;
}

const REALM_7616 = 'realm="http-auth@example.org", qop="auth, auth-int"';
const NONCE_7616 =
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

export const vectors: readonly Vector[] = [
  {
    name: 'RFC 2069 §2.4, with the response of its errata',
    challenge:
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    login: { username: 'Mufasa', password: 'CircleOfLife' },
    message: { method: 'GET', uri: '/dir/index.html' },
    params: { response: '1949323746fe6a43ef61f9606e7febea', opaque: '5ccc069c403ebaf9f0171e9517f40e41' },
  },
  {
    name: 'RFC 2617 §3.5',
    challenge:
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    login: { username: 'Mufasa', password: 'Circle Of Life' },
    message: { method: 'GET', uri: '/dir/index.html' },
    cnonce: '0a4f113b',
    params: { response: '6629fae49393a05397450978507c4ef1', qop: 'auth', nc: '00000001' },
  },
  {
    name: 'RFC 7616 §3.9.1 with MD5',
    challenge: `Digest ${REALM_7616}, algorithm=MD5, ${NONCE_7616}`,
    login: MUFASA,
    message: { method: 'GET', uri: '/dir/index.html' },
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    params: { response: '8ca523f5e9506fed4657c9700eebdbec', algorithm: 'MD5', username: 'Mufasa' },
  },
  {
    name: 'RFC 7616 §3.9.1 with SHA-256',
    challenge: `Digest ${REALM_7616}, algorithm=SHA-256, ${NONCE_7616}`,
    login: MUFASA,
    message: { method: 'GET', uri: '/dir/index.html' },
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    params: {
      response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
      algorithm: 'SHA-256',
    },
  },
  {
    name: 'RFC 7616 §3.9.2 with SHA-512-256, with the values of errata 4897',
    challenge:
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
    login: { username: 'J\u00e4s\u00f8n Doe', password: 'Secret, or not?' },
    message: { method: 'GET', uri: '/doe.json' },
    cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    params: {
      username: '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
      response: '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
      userhash: 'true',
    },
  },
];
