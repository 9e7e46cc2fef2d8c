// An independent implementation of Data Integrity behind one long-lived process; `serve.mjs` has the protocol.
//
// Documents travel as JSON *text*, so that each side parses and writes numbers and keys in its own way.
// Nothing is fetched: contexts are those handed over with `contexts`, DIDs those that did:key computes.
//
//   contexts  {contexts: {url: text}}                       -> {count}; adds, never replaces
//   sign      {document, cryptosuite, key, created, proof}  -> {document}
//   verify    {document, now, issuerControl}                -> {verified, proofs: [{cryptosuite, verified, error}], error}
//   canonize  {document, hash, workFactor}                  -> {nquads}; hash "sha256" or "sha384"
//   jcs       {document}                                    -> {text}
//   numbers   {doubles: [16 hex digits]}                    -> {texts}
//
// `key` is {publicKeyMultibase, secretKeyMultibase}; its did:key controls it. `proof` holds more proof
// options, for example {"id": ..., "previousProof": ..., "expires": ...}. `issuerControl: false` lets a proof
// be made with a key that the issuer does not control.

import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs2019 from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {cryptosuite as ecdsaRdfc2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {driver} from '@digitalbazaar/did-method-key';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import canonicalize from 'canonicalize';
import jsigs from 'jsonld-signatures';
import {message, serve} from './serve.mjs';

const {AssertionProofPurpose} = jsigs.purposes;

const CRYPTOSUITES = {
  'eddsa-jcs-2022': {
    multikey: Ed25519Multikey,
    signing: eddsaJcs2022.createSignCryptosuite(),
    verifying: eddsaJcs2022.createVerifyCryptosuite()
  },
  'eddsa-rdfc-2022': {multikey: Ed25519Multikey, signing: eddsaRdfc2022, verifying: eddsaRdfc2022},
  'ecdsa-jcs-2019': {
    multikey: EcdsaMultikey,
    signing: ecdsaJcs2019.createSignCryptosuite(),
    verifying: ecdsaJcs2019.createVerifyCryptosuite()
  },
  'ecdsa-rdfc-2019': {multikey: EcdsaMultikey, signing: ecdsaRdfc2019, verifying: ecdsaRdfc2019}
};

const didKey = driver();
for(const [multibaseMultikeyHeader, {from}] of [
  ['z6Mk', Ed25519Multikey], ['zDna', EcdsaMultikey], ['z82L', EcdsaMultikey]
]) {
  didKey.use({multibaseMultikeyHeader, fromMultibase: from});
}

const contexts = new Map();
const dids = new Map();

async function documentLoader(url) {
  if(url.startsWith('did:key:')) {
    if(!dids.has(url)) {
      dids.set(url, await didKey.get({url}));
    }
    return {contextUrl: null, documentUrl: url, document: dids.get(url)};
  }
  if(!contexts.has(url)) {
    throw new Error(`"${url}" was not handed over.`);
  }
  // 'static' lets the JSON-LD processor keep the processed context from one document to the next
  return {contextUrl: null, documentUrl: url, document: contexts.get(url), tag: 'static'};
}

async function signingSuite({cryptosuite, key, created, proof}) {
  const did = `did:key:${key.publicKeyMultibase}`;
  const {multikey} = CRYPTOSUITES[cryptosuite] ?? {multikey: Ed25519Multikey};
  const pair = await multikey.from({id: `${did}#${key.publicKeyMultibase}`, controller: did, ...key});
  const signer = pair.signer();
  if(cryptosuite === 'Ed25519Signature2020') {
    return new Ed25519Signature2020({signer, date: created, proof});
  }
  const suite = new DataIntegrityProof({
    signer, date: created, cryptosuite: CRYPTOSUITES[cryptosuite].signing
  });
  suite.proof = proof;
  return suite;
}

function verifyingSuites() {
  return [
    new Ed25519Signature2020(),
    ...Object.values(CRYPTOSUITES).map(({verifying}) => new DataIntegrityProof({cryptosuite: verifying}))
  ];
}

const proofsOf = document => [document.proof ?? []].flat();

// Verifiable Credential Data Integrity 1.0, section 4.5: a proof that names previous proofs covers them.
function covered(document, {previousProof}) {
  const {proof, ...unsecured} = document;
  const names = [previousProof ?? []].flat();
  if(names.length === 0) {
    return unsecured;
  }
  const matching = names.map(name => {
    const found = proofsOf(document).find(({id}) => id === name);
    if(found === undefined) {
      throw new Error(`There is no proof "${name}".`);
    }
    return found;
  });
  return {...unsecured, proof: matching};
}

async function sign({document, cryptosuite, key, created, proof = {}}) {
  const credential = JSON.parse(document);
  const suite = await signingSuite({cryptosuite, key, created, proof});
  const purpose = new vc.CredentialIssuancePurpose();
  if(proof.previousProof === undefined) {
    return {document: JSON.stringify(await jsigs.sign(credential, {suite, purpose, documentLoader}))};
  }
  // `jsigs.sign` knows sets of proofs; for a chain the suite is called with what the proof covers
  const added = await suite.createProof({
    document: covered(credential, proof), purpose, proofSet: proofsOf(credential), documentLoader
  });
  credential.proof = [...proofsOf(credential), added];
  return {document: JSON.stringify(credential)};
}

async function verify({document, now, issuerControl = true}) {
  const credential = JSON.parse(document);
  const purpose = issuerControl ? new vc.CredentialIssuancePurpose() : new AssertionProofPurpose();
  if(proofsOf(credential).some(({previousProof}) => previousProof !== undefined)) {
    return verifyChain(credential, purpose);
  }
  const {verified, results = [], error} = await vc.verifyCredential({
    credential, purpose, suite: verifyingSuites(), documentLoader, now: new Date(now),
    checkStatus: async () => ({verified: true})
  });
  return {verified, proofs: results.map(shown), error: message(error)};
}

// The library's own entry point knows sets of proofs, not chains: here each suite is called with what its
// proof covers.
async function verifyChain(credential, purpose) {
  const results = await Promise.all(proofsOf(credential).map(async proof => {
    const suite = verifyingSuites().find(({type, cryptosuite}) =>
      type === proof.type && cryptosuite === proof.cryptosuite);
    try {
      const document = covered(credential, proof);
      const result = await suite.verifyProof({proof, document, documentLoader});
      const {valid, error} = result.verified ?
        await purpose.validate(proof, {document, suite, ...result, documentLoader}) : result;
      return {proof, verified: valid === true, error};
    } catch(error) {
      return {proof, verified: false, error};
    }
  }));
  return {verified: results.every(({verified}) => verified), proofs: results.map(shown)};
}

const shown = ({proof, verified, error}) =>
  ({cryptosuite: proof?.cryptosuite ?? proof?.type, verified, error: message(error)});

// With the options that the rdfc cryptosuites use themselves.
async function canonize({document, hash = 'sha256', workFactor = 1}) {
  const options = {documentLoader, messageDigestAlgorithm: hash, maxWorkFactor: workFactor};
  return {nquads: await ecdsaRdfc2019.canonize(JSON.parse(document), options)};
}

function numbers({doubles}) {
  const bytes = new DataView(new ArrayBuffer(8));
  return {texts: doubles.map(hex => {
    bytes.setBigUint64(0, BigInt(`0x${hex}`));
    return canonicalize(bytes.getFloat64(0));
  })};
}

function addContexts({contexts: added}) {
  for(const [url, text] of Object.entries(added)) {
    const document = JSON.parse(text);
    if(contexts.has(url) && canonicalize(contexts.get(url)) !== canonicalize(document)) {
      throw new Error(`Another context was already handed over for "${url}".`);
    }
    contexts.set(url, document);
  }
  return {count: contexts.size};
}

await serve({
  contexts: addContexts, sign, verify, canonize, numbers,
  jcs: ({document}) => ({text: canonicalize(JSON.parse(document))})
});
