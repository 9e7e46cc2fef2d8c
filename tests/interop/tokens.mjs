// Independent implementations of JWTs and of SD-JWTs behind one long-lived process; `serve.mjs` has the protocol.
//
// Claims travel as JSON *text*. `key` is {alg, jwk} with a private JWK, or a public one to verify with. `now` is in
// seconds since 1970.
//
//   jwt-sign    {header, payload, key}                         -> {token}
//   jwt-verify  {token, key, now, typ, audience}               -> {payload}
//   sd-issue    {claims, frame, header, key, hash}             -> {token}
//   sd-present  {token, frame, key, payload}                   -> {token}; `payload` is that of the key binding
//   sd-verify   {token, key, now, nonce}                       -> {claims, kb}; a nonce asks for the key binding
//   sd-to-json  {token}                                        -> {text}; the flattened JSON serialization
//   sd-compact  {text}                                         -> {token}; from that
//
// `header` holds header parameters besides `alg`. A frame is one of the library: `_sd` and `_sd_decoy` to issue, true
// for what is shown to present; without one everything is shown. With `typ` "vc+sd-jwt" an SD-JWT is one of the general
// library, else one of the library for SD-JWT VC.

import * as nodejs from '@sd-jwt/crypto-nodejs';
import {SignJWT, importJWK, jwtVerify} from 'jose';
import {createPrivateKey, createPublicKey, sign, verify} from 'node:crypto';
import {FlattenJSON, SDJwtInstance} from '@sd-jwt/core';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {serve} from './serve.mjs';

async function signJwt({header, payload, key: {alg, jwk}}) {
  const token = new SignJWT(JSON.parse(payload)).setProtectedHeader({alg, ...header});
  return {token: await token.sign(await importJWK(jwk, alg))};
}

async function verifyJwt({token, key: {alg, jwk}, now, typ, audience}) {
  const {payload} = await jwtVerify(token, await importJWK(jwk, alg), {
    algorithms: [alg], currentDate: new Date(now * 1000), clockTolerance: 60, typ, audience
  });
  return {payload: JSON.stringify(payload)};
}

// The library for SD-JWT brings the ECDSA algorithms; Ed25519 is left to whoever uses it.
const EdDSA = {
  getSigner(jwk) {
    const key = createPrivateKey({key: jwk, format: 'jwk'});
    return data => sign(null, Buffer.from(data), key).toString('base64url');
  },
  getVerifier(jwk) {
    const key = createPublicKey({key: jwk, format: 'jwk'});
    return (data, signature) => verify(null, Buffer.from(data), key, Buffer.from(signature, 'base64url'));
  }
};
const ALGORITHMS = {EdDSA, ES256: nodejs.ES256, ES384: nodejs.ES384, ES512: nodejs.ES512};
const CURVES = {Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512'};

function instance(typ, config) {
  const SDJwt = typ === 'vc+sd-jwt' ? SDJwtInstance : SDJwtVcInstance;
  return new SDJwt({hasher: nodejs.digest, saltGenerator: nodejs.generateSalt, ...config});
}

async function issue({claims, frame, header, key: {alg, jwk}, hash}) {
  const issuer = instance(header.typ, {signer: await ALGORITHMS[alg].getSigner(jwk), signAlg: alg, hashAlg: hash});
  return {token: await issuer.issue(JSON.parse(claims), frame, {header})};
}

async function present({token, frame, key, payload}) {
  if(key === undefined) {
    return {token: await instance().present(token, frame)};
  }
  const holder = instance('', {kbSigner: await ALGORITHMS[key.alg].getSigner(key.jwk), kbSignAlg: key.alg});
  return {token: await holder.present(token, frame, {kb: {payload}})};
}

async function verifySdJwt({token, key: {alg, jwk}, now, nonce, typ}) {
  const verifier = instance(typ, {
    verifier: await ALGORITHMS[alg].getVerifier(jwk),
    kbVerifier: async (data, signature, {cnf}) =>
      (await ALGORITHMS[CURVES[cnf.jwk.crv]].getVerifier(cnf.jwk))(data, signature)
  });
  const {payload, kb} = await verifier.verify(token, {currentDate: now, skewSeconds: 60, keyBindingNonce: nonce});
  return {claims: JSON.stringify(payload), kb: kb?.payload};
}

await serve({
  'jwt-sign': signJwt, 'jwt-verify': verifyJwt,
  'sd-issue': issue, 'sd-present': present, 'sd-verify': verifySdJwt,
  'sd-to-json': ({token}) => ({text: JSON.stringify(FlattenJSON.fromEncode(token).toJson())}),
  'sd-compact': ({text}) => ({token: FlattenJSON.fromSerialized(JSON.parse(text)).toEncoded()})
});
