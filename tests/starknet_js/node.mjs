// What the scripts share: the node at the URL of the command line, its accounts and contracts.
import assert from 'node:assert/strict';
import { Account, Contract, RpcProvider, Signer } from 'starknet';

export const url = process.argv[2];
export const app = process.argv[3]; // the folder of sage
export const provider = await RpcProvider.create({ nodeUrl: url });
export const SAGE_UNIT = 10n ** 18n;

// A method that only nodes for development have.
export async function dev(method, params) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: `devnet_${method}`, params }),
  });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

export const accounts = await dev('getPredeployedAccounts', {});
export const contracts = (await dev('getConfig', {})).contracts;
export const step = (text) => console.log(`ok: ${text}`);

export async function contractAt(name) {
  const { abi } = await provider.getClassAt(contracts[name]);
  return new Contract({ abi, address: contracts[name], providerOrAccount: provider });
}

export function accountOf({ address, private_key }) {
  return new Account({ provider, address, signer: new Signer(private_key), cairoVersion: '1' });
}

// The receipt of a transaction that must succeed.
export async function done(sent) {
  const receipt = await provider.waitForTransaction(sent.transaction_hash, { retryInterval: 50 });
  assert.equal(receipt.execution_status, 'SUCCEEDED', receipt.revert_reason);
  return receipt;
}

// The node's own words must match: what follows the request that starknet.js repeats.
export async function refused(promise, pattern) {
  await assert.rejects(promise, (e) => {
    assert.match(String(e.message).split('\n\n').pop().trim(), pattern);
    return true;
  });
}
