// Independent implementations of status lists behind one long-lived process; `serve.mjs` has the protocol.
//
// Documents travel as JSON *text*, tokens in CBOR as hexadecimal. Nothing is fetched: contexts and lists are handed over,
// DIDs are those that did:key computes. `values` are those that are not 0, by index. A `format` is "bitstring",
// "statuslist2021", "token" or, for the bytes of a token in CBOR as hexadecimal, "token-cbor".
//
//   contexts      {contexts: {url: text}}                     -> {count}; adds, never replaces
//   encode        {format, length, size, values}              -> {encoded}
//   decode        {format, encoded, size, indexes}            -> {length, values: [one for each index]}
//   credential    {format, id, purpose, length, values}       -> {document}; a list credential without issuer and proof
//   check         {document, lists: {url: text}, now}         -> {verified, statuses: [boolean or null], error}
//   jwt-sign      {claims, key, length, size, values}         -> {token}; a Status List Token
//   jwt-read      {token, key, now, url, indexes}             -> {length, size, values}
//   cwt-sign      {subject, issued, expires, ttl, aggregation, key, length, size, values} -> {token}
//   cwt-read      {token, key, url, indexes}                  -> {length, size, values}
//   sd-jwt-check  {token, key, lists: {url: token}, now}      -> {claims}; an SD-JWT VC with its status
//
// `key` is {alg, jwk, kid}, as in `tokens.mjs`. `now` of `check` is a text, elsewhere it is in seconds since 1970.

import * as bitstring from '@digitalbazaar/vc-bitstring-status-list';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as nodejs from '@sd-jwt/crypto-nodejs';
import * as owf from '@owf/token-status-list';
import * as sdJwt from '@sd-jwt/jwt-status-list';
import * as statuslist2021 from '@digitalbazaar/vc-status-list';
import * as vc from '@digitalbazaar/vc';
import {Sign1, SignatureAlgorithm} from '@owf/cose';
import {SignJWT, importJWK, jwtVerify} from 'jose';
import {createPrivateKey, createPublicKey, sign, verify} from 'node:crypto';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import {driver} from '@digitalbazaar/did-method-key';
import {cryptosuite as ecdsaRdfc2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {message, serve} from './serve.mjs';

const W3C = {bitstring, statuslist2021};

// W3C list credentials

const didKey = driver();
for(const [multibaseMultikeyHeader, {from}] of [
  ['z6Mk', Ed25519Multikey], ['zDna', EcdsaMultikey], ['z82L', EcdsaMultikey]
]) {
  didKey.use({multibaseMultikeyHeader, fromMultibase: from});
}
const contexts = new Map();

function addContexts({contexts: added}) {
  for(const [url, text] of Object.entries(added)) {
    contexts.set(url, JSON.parse(text));
  }
  return {count: contexts.size};
}

const loaderWith = lists => async url => {
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: await didKey.get({url})};
  }
  if(contexts.has(url)) {
    return {contextUrl: null, documentUrl: url, document: contexts.get(url), tag: 'static'};
  }
  if(!(url in lists)) {
    throw new Error(`"${url}" was not handed over.`);
  }
  return {contextUrl: null, documentUrl: url, document: JSON.parse(lists[url])};
};

async function w3cList({format, length, values}) {
  const list = await W3C[format].createList({length});
  for(const index of Object.keys(values)) {
    list.setStatus(Number(index), true);
  }
  return list;
}

async function listCredential({format, id, purpose, ...rest}) {
  const list = await w3cList({format, ...rest});
  return {document: JSON.stringify(await W3C[format].createCredential({id, list, statusPurpose: purpose}))};
}

async function check({document, lists, now}) {
  const credential = JSON.parse(document);
  const {checkStatus} = [credential.credentialStatus ?? []].flat()
    .some(({type}) => type === 'StatusList2021Entry') ? statuslist2021 : bitstring;
  const suite = [eddsaJcs2022.createVerifyCryptosuite(), eddsaRdfc2022, ecdsaRdfc2019]
    .map(cryptosuite => new DataIntegrityProof({cryptosuite}));
  const {verified, error, statusResult} = await vc.verifyCredential({
    credential, suite, checkStatus, documentLoader: loaderWith(lists), now: new Date(now)
  });
  return {
    verified, error: message(error ?? statusResult?.error),
    statuses: (statusResult?.results ?? []).map(({status = null}) => status)
  };
}

// Token Status Lists

const bytesOf = hex => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = bytes => Buffer.from(bytes).toString('hex');

function tokenList({StatusList}, {length, size, values, aggregation}) {
  const list = new StatusList(new Array(length).fill(0), size, aggregation);
  for(const [index, value] of Object.entries(values)) {
    list.setStatus(Number(index), value);
  }
  return list;
}

const read = (list, indexes) => ({
  length: list.statusList.length, size: list.getBitsPerStatus(), values: indexes.map(index => list.getStatus(index))
});

async function signJwt({claims, key: {alg, jwk, kid}, ...list}) {
  const made = sdJwt.createHeaderAndPayload(tokenList(sdJwt, list), JSON.parse(claims), {alg, kid});
  return {token: await new SignJWT(made.payload).setProtectedHeader(made.header).sign(await importJWK(jwk, alg))};
}

async function readJwt({token, key: {alg, jwk}, now, url, indexes}) {
  await jwtVerify(token, await importJWK(jwk, alg), {
    algorithms: [alg], currentDate: new Date(now * 1000), typ: 'statuslist+jwt', subject: url
  });
  return read(sdJwt.getListFromStatusListJWT(token), indexes);
}

// COSE and the SD-JWT library leave signatures to whoever uses them
const NODE = {EdDSA: [null, undefined], ES256: ['sha256', 'ieee-p1363'], ES384: ['sha384', 'ieee-p1363']};

function signature({alg, jwk}, data) {
  const [hash, dsaEncoding] = NODE[alg];
  return new Uint8Array(sign(hash, data, {key: createPrivateKey({key: jwk, format: 'jwk'}), dsaEncoding}));
}

function verifies({alg, jwk}, data, made) {
  const [hash, dsaEncoding] = NODE[alg];
  return verify(hash, data, {key: createPublicKey({key: jwk, format: 'jwk'}), dsaEncoding}, made);
}

const seconds = time => time && new Date(time * 1000);

async function signCwt({subject, issued, expires, ttl, key, ...list}) {
  const algorithm = SignatureAlgorithm[key.alg];
  const cwt = new owf.StatusListCwt({
    payload: {
      subject, issuedAt: seconds(issued), expirationTime: seconds(expires), timeToLive: ttl,
      statusList: tokenList(owf, list)
    },
    protectedHeaders: new Map([[1, algorithm], [4, new TextEncoder().encode(key.kid)]])
  });
  const signed = await cwt.signAndEncode({algorithm}, {sign: ({toBeSigned}) => signature(key, toBeSigned)});
  return {token: hexOf(signed)};
}

async function readCwt({token, key, url, indexes}) {
  const {payload, protectedHeaders} = owf.StatusListCwt.fromToken(bytesOf(token));
  const holds = await Sign1.decode(bytesOf(token)).verifySignature({key}, {
    verify: ({sign1}) => verifies(key, sign1.toBeSigned, sign1.signature)
  });
  if(!holds || payload.subject !== url || protectedHeaders.headers.get(16) !== owf.MediaTypes.STATUS_LIST_CWT) {
    throw new Error(holds ? 'Not the list that was asked for.' : 'The signature does not hold.');
  }
  return read(payload.statusList, indexes);
}

async function checkSdJwt({token, key, lists, now}) {
  const verifier = new SDJwtVcInstance({
    hasher: nodejs.digest,
    verifier: (data, made) => verifies(key, Buffer.from(data), Buffer.from(made, 'base64url')),
    statusListFetcher: async url => {
      if(!(url in lists)) {
        throw new Error(`"${url}" was not handed over.`);
      }
      return lists[url];
    }
  });
  const {payload} = await verifier.verify(token, {currentDate: now, skewSeconds: 60});
  return {claims: JSON.stringify(payload)};
}

// The lists themselves

async function encode({format, ...list}) {
  if(format in W3C) {
    return {encoded: await (await w3cList({format, ...list})).encode()};
  }
  return {encoded: format === 'token' ? tokenList(sdJwt, list).compressStatusList() :
    hexOf(tokenList(owf, list).compressStatusListToBytes())};
}

async function decode({format, encoded, size, indexes}) {
  if(format in W3C) {
    const list = await W3C[format].decodeList({encodedList: encoded});
    return {length: list.length, values: indexes.map(index => Number(list.getStatus(index)))};
  }
  return read(format === 'token' ? sdJwt.StatusList.decompressStatusList(encoded, size) :
    owf.StatusList.decompressStatusListFromBytes(bytesOf(encoded), size), indexes);
}

await serve({
  contexts: addContexts, encode, decode, credential: listCredential, check,
  'jwt-sign': signJwt, 'jwt-read': readJwt, 'cwt-sign': signCwt, 'cwt-read': readCwt, 'sd-jwt-check': checkSdJwt
});
