// npm's oidc-provider on loopback, with one client for each algorithm and a person for each name
// that is typed. `node provider.mjs FOLDER PORT`: FOLDER has node_modules.
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, port] = process.argv.slice(2);
const entry = path.resolve(folder, 'node_modules/oidc-provider/lib/index.js');
const { Provider } = await import(pathToFileURL(entry));

const key = (type, options, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  alg, use: 'sig', kid: alg,
});
const algorithms = ['RS256', 'ES256', 'EdDSA', 'PS256', 'HS256'];

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: algorithms.map((alg) => ({
    client_id: `forewarn-${alg}`,
    client_secret: 'loopback only, 32 bytes at least',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: alg,
  })),
  jwks: {
    keys: [
      key('rsa', { modulusLength: 2048 }, 'RS256'),
      key('rsa', { modulusLength: 2048 }, 'PS256'),
      key('ec', { namedCurve: 'P-256' }, 'ES256'),
      key('ed25519', {}, 'EdDSA'),
    ],
  },
  enabledJWA: { idTokenSigningAlgValues: algorithms },
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  claims: { openid: ['sub'], groups: ['groups'], profile: ['preferred_username'] },
  scopes: ['openid', 'groups', 'profile'],
  // Claims stand in the ID token, as most providers of organisations put them.
  conformIdTokenClaims: false,
  cookies: { keys: ['loopback only'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: `${id}@interop.example`, groups: id === 'ana' ? ['cert'] : [] }),
  }),
});
provider.listen(Number(port), '127.0.0.1');
