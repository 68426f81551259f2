// Unmodified starknet.js against sage-devnet: what a wallet, an operator and a client do.
// Usage: node chain.mjs URL, of a node with --dev-methods.
import assert from 'node:assert/strict';
import { Account, CallData, Signer, cairo, ec, hash, num, stark } from 'starknet';
import { SAGE_UNIT, accountOf, accounts, contractAt, contracts, dev, done, provider, refused, step } from './node.mjs';

const sage = await contractAt('SAGE');
const strk = await contractAt('STRK');
const staking = await contractAt('ProverStaking');

// --- connect
assert.equal(await provider.getSpecVersion(), '0.10.2');
assert.equal(num.toHex(await provider.getChainId()), '0x534e5f5345504f4c4941');
const genesis = await provider.getBlockWithTxHashes(0);
assert.equal(genesis.block_number, 0);
step('connect, chain id, block 0');

// --- a new account: address, funds, deployment
const key = stark.randomAddress();
const publicKey = ec.starkCurve.getStarkKey(key);
const classHash = '0x05b4b537eaa2399e3aa99c4e2e0208ebd6c71bc1467938cd52c798c601e43564';
const constructorCalldata = CallData.compile({ publicKey });
const address = hash.calculateContractAddressFromHash(publicKey, classHash, constructorCalldata, 0);
await dev('mint', { address, amount: String(100n * SAGE_UNIT), unit: 'FRI' });
const mine = accountOf({ address, private_key: key });
const deployed = await mine.deployAccount({ classHash, constructorCalldata, addressSalt: publicKey });
assert.equal(num.toBigInt(deployed.contract_address), num.toBigInt(address));
const deployReceipt = await done(deployed);
assert.equal(num.toBigInt(await provider.getClassHashAt(address)), num.toBigInt(classHash));
assert.equal(num.toBigInt(await provider.getNonceForAddress(address)), 1n);
assert.equal(deployReceipt.actual_fee.unit, 'FRI');
step('deploy an account that was funded first');

// --- estimates and transfers
const rich = accountOf(accounts[0]);
const transfer = {
  contractAddress: contracts.SAGE,
  entrypoint: 'transfer',
  calldata: CallData.compile({ recipient: address, amount: cairo.uint256(30000n * SAGE_UNIT) }),
};
const estimate = await rich.estimateInvokeFee(transfer);
assert.ok(BigInt(estimate.overall_fee) > 0n);
const strkBefore = BigInt(await strk.balance_of(rich.address));
const transferReceipt = await done(await rich.execute(transfer));
const fee = num.toBigInt(transferReceipt.actual_fee.amount);
assert.ok(fee > 0n && fee <= BigInt(estimate.overall_fee), `fee ${fee}, estimate ${estimate.overall_fee}`);
assert.equal(BigInt(await strk.balance_of(rich.address)), strkBefore - fee);
assert.equal(BigInt(await sage.balance_of(address)), 30000n * SAGE_UNIT);
step('estimate a fee, transfer 30,000 SAGE, pay no more than the estimate');

const parsed = sage.parseEvents(transferReceipt);
const event = parsed.flatMap(Object.entries).find(([name]) => name.endsWith('::Transfer'))[1];
assert.equal(num.toBigInt(event.to), num.toBigInt(address));
assert.equal(BigInt(event.value), 30000n * SAGE_UNIT);
const page = await provider.getEvents({
  from_block: { block_number: 0 },
  to_block: 'latest',
  address: contracts.SAGE,
  keys: [[hash.getSelectorFromName('Transfer')], [], [num.toHex(address)]],
  chunk_size: 10,
});
assert.equal(page.events.length, 1);
assert.equal(page.events[0].transaction_hash, transferReceipt.transaction_hash);
step('read its event from the receipt and by getEvents');

// --- a transaction that reverts is kept, and says why
const tooMuch = { ...transfer, calldata: CallData.compile({ recipient: address, amount: cairo.uint256(10n ** 40n) }) };
await refused(rich.estimateInvokeFee(tooMuch), /^41: .*insufficient balance/);
const bounds = {
  l1_gas: { max_amount: 0n, max_price_per_unit: 10n ** 14n },
  l2_gas: { max_amount: 10n ** 9n, max_price_per_unit: 10n ** 10n },
  l1_data_gas: { max_amount: 10n ** 4n, max_price_per_unit: 10n ** 14n },
};
const reverted = await rich.execute(tooMuch, { resourceBounds: bounds, tip: 0n });
const why = await provider.waitForTransaction(reverted.transaction_hash, { retryInterval: 50 });
assert.equal(why.execution_status, 'REVERTED');
assert.match(why.revert_reason, /insufficient balance/);
step('a revert is reported with its reason');

// --- a signature that is not the owner's
const thief = new Account({ provider, address, signer: new Signer('0x1234567'), cairoVersion: '1' });
await refused(thief.execute(transfer, { resourceBounds: bounds, tip: 0n }), /^55: /);
step("another key's signature is refused");

// --- stake, wait, unstake
const amount = 5000n * SAGE_UNIT;
await done(await mine.execute([
  { contractAddress: contracts.SAGE, entrypoint: 'approve', calldata: CallData.compile({ spender: contracts.ProverStaking, amount: cairo.uint256(amount) }) },
  { contractAddress: contracts.ProverStaking, entrypoint: 'stake', calldata: [...CallData.compile([cairo.uint256(amount)]), '2'] },
]));
assert.ok(await staking.is_eligible(address));
step('approve and stake 5,000 SAGE in one transaction');
await done(await mine.execute({
  contractAddress: contracts.ProverStaking,
  entrypoint: 'request_unstake',
  calldata: CallData.compile([cairo.uint256(amount)]),
}));
const complete = { contractAddress: contracts.ProverStaking, entrypoint: 'complete_unstake', calldata: [] };
await refused(mine.estimateInvokeFee(complete), /^41: .*[Ll]ock/);
await dev('increaseTime', { time: 7 * 86400 + 1 });
await done(await mine.execute(complete));
assert.equal(BigInt(await sage.balance_of(address)), 30000n * SAGE_UNIT);
step('unstake: refused at once, paid after seven days');

// --- SNIP-9: somebody else sends and pays for what the owner signed
assert.equal(await mine.getSnip9Version(), '2');
const now = (await provider.getBlock('latest')).timestamp;
const sponsored = await mine.getOutsideTransaction(
  { caller: rich.address, execute_after: now - 3600, execute_before: now + 3600 },
  [{ ...transfer, calldata: CallData.compile({ recipient: rich.address, amount: cairo.uint256(SAGE_UNIT) }) }],
);
const strkOfMine = BigInt(await strk.balance_of(address));
await done(await rich.executeFromOutside(sponsored));
assert.equal(BigInt(await sage.balance_of(address)), 29999n * SAGE_UNIT);
assert.equal(BigInt(await strk.balance_of(address)), strkOfMine);
await refused(rich.executeFromOutside(sponsored), /^41: .*SRC9/);
step('outside execution: sponsored once, refused the second time');

// --- the rest of what wallets and explorers ask
const trace = await provider.getTransactionTrace(transferReceipt.transaction_hash);
assert.ok(trace.execute_invocation);
const simulated = await rich.simulateTransaction([{ type: 'INVOKE', ...transfer }]);
assert.ok(BigInt(simulated.simulated_transactions?.[0]?.overall_fee ?? simulated[0].overall_fee) > 0n);
const block = await provider.getBlockWithReceipts('latest');
assert.ok(block.block_hash);
const update = await provider.getStateUpdate(transferReceipt.block_number);
assert.ok(update.state_diff.storage_diffs.length > 0);
step('trace, simulation, block with receipts, state update');
