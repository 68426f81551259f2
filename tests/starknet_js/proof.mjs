// Jobs that are paid for proofs, and only for the proofs that they are paid for: a client and
// workers over starknet.js, proofs made by sage.
// Usage: node proof.mjs URL APP_FOLDER
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallData, cairo, num } from 'starknet';
import { SAGE_UNIT, accountOf, accounts, app, contractAt, contracts, done, provider, refused, step } from './node.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sage-js-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const sageCli = (...args) => execFileSync(join(app, 'sage'), args, { encoding: 'utf8' });

const [client, worker, rival] = accounts.slice(3, 6).map(accountOf);
const manager = await contractAt('JobManager');
const token = await contractAt('SAGE');
const balance = async (of) => BigInt(await token.balance_of(of));
const call = (name, entrypoint, ...args) => ({
  contractAddress: contracts[name],
  entrypoint,
  calldata: CallData.compile(args),
});
const u256 = (v) => cairo.uint256(v);

// What a program is called on chain: the hash that its proofs state.
function programHash(program, input) {
  const more = input ? ['--input', input] : [];
  const plan = sageCli('prove', 'cairo', '--program', join(folder, program), ...more, '--plan');
  return plan.match(/program hash +(0x[0-9a-f]+)/)[1];
}
function prove(program, job, of, inputHash, input) {
  const out = join(folder, 'proof.bin');
  const binding = ['--job-id', `${job}`, '--worker', of.address, '--input-hash', inputHash];
  const more = input ? ['--input', input] : [];
  sageCli('prove', 'cairo', '--program', join(folder, program), ...more, ...binding, '-o', out);
  const facts = JSON.parse(sageCli('facts', out, ...binding));
  return { proof: readFileSync(out), facts };
}

// Bounds of our own: an estimate with a proof costs the node a verification.
const bounds = {
  l1_gas: { max_amount: 0n, max_price_per_unit: 10n ** 15n },
  l2_gas: { max_amount: 10n ** 9n, max_price_per_unit: 10n ** 10n },
  l1_data_gas: { max_amount: 10n ** 5n, max_price_per_unit: 10n ** 15n },
};
const submit = (from, job, { proof, facts }) =>
  from.execute(call('JobManager', 'submit_job_result', u256(job)), {
    resourceBounds: bounds,
    tip: 0n,
    proof: proof.toString('base64'),
    proofFacts: facts,
  });
async function reverts(sent, pattern) {
  const { transaction_hash } = await sent;
  const receipt = await provider.waitForTransaction(transaction_hash, { retryInterval: 50 });
  assert.equal(receipt.execution_status, 'REVERTED');
  assert.match(receipt.revert_reason, pattern);
}

// --- workers stake and register
for (const [i, who] of [worker, rival].entries())
  await done(await who.execute([
    call('SAGE', 'approve', contracts.ProverStaking, u256(1000n * SAGE_UNIT)),
    call('ProverStaking', 'stake', u256(1000n * SAGE_UNIT), '0'),
    call('JobManager', 'register_worker', `0x77${i}`, who.address),
  ]));
step('two workers stake and register');

// --- the client pays into escrow
const price = 100n * SAGE_UNIT;
async function openJob(program, inputHash) {
  const before = await balance(client.address);
  const call2 = inputHash
    ? call('JobManager', 'submit_ai_job', '2', u256(BigInt(program)), inputHash, '0', '2', u256(price),
        `${Math.floor(Date.now() / 1000) + 20 * 86400}`, [], [], u256(price), client.address)
    : call('JobManager', 'submit_prove_job', program, [], '0', '0', u256(price), client.address);
  const receipt = await done(await client.execute([call('SAGE', 'approve', contracts.JobManager, u256(price)), call2]));
  assert.equal(await balance(client.address), before - price);
  const submitted = manager.parseEvents(receipt).flatMap(Object.entries).find(([name]) => name.endsWith('::JobSubmitted'))[1];
  return BigInt(submitted.job_id);
}
const here = new URL('.', import.meta.url).pathname;
for (const name of ['answer', 'cube']) sageCli('asm', join(here, `${name}.casm`), '-o', join(folder, name));
const answer = programHash('answer');
const first = await openJob(answer);
const second = await openJob(answer);
step('two jobs, their prices in escrow');

// --- the first is leased to the worker, who proves
await done(await worker.execute(call('JobManager', 'claim_job', u256(first))));
const details = await manager.get_prove_job({ value: first });
const inputHash = num.toHex(details.input_hash);
const made = prove('answer', first, worker, inputHash);
assert.ok(made.proof.length > 100000);
step(`a proof of ${made.proof.length} bytes for job ${first}`);

// --- what is not that proof is refused at the door
const bent = Buffer.from(made.proof);
bent[bent.length >> 1] ^= 1;
await refused(submit(worker, first, { ...made, proof: bent }), /^69: /);
const asRival = [...made.facts];
asRival[7] = rival.address;
await refused(submit(rival, first, { ...made, facts: asRival }), /^69: /);
const asSecond = [...made.facts];
asSecond[5] = num.toHex(second);
await refused(submit(worker, second, { ...made, facts: asSecond }), /^69: /);
await refused(submit(worker, first, { ...made, facts: made.facts.slice(0, 9) }), /^69: /);
step('tampered, renamed and cut proofs are refused with error 69');

// --- and what is a proof, but not what the job pays for, moves no money
await done(await rival.execute(call('JobManager', 'claim_job', u256(second))));
const escrow = await balance(contracts.JobManager);
await reverts(submit(rival, second, made), /another job/);
await reverts(
  worker.execute(call('JobManager', 'submit_job_result', u256(first)), { resourceBounds: bounds, tip: 0n }),
  /[Pp]roof/,
);
const ofRival = prove('answer', first, rival, inputHash);
await reverts(submit(rival, first, ofRival), /another worker/);
assert.equal(await balance(contracts.JobManager), escrow);
step("another job's and another worker's proof, and none at all: reverted, nothing paid");

// --- the right one is paid: 80 to the worker, 20 split 70/20/10
const supply = BigInt(await token.total_supply());
const before = await balance(worker.address);
await done(await submit(worker, first, made));
await done(await worker.execute(call('JobManager', 'distribute_rewards', u256(first))));
assert.equal(await balance(worker.address), before + (price * 80n) / 100n);
assert.equal(BigInt(await token.total_supply()), supply - (price * 14n) / 100n);
assert.equal(await balance(contracts.JobManager), escrow - price);
await reverts(submit(worker, first, made), /not in processing/);
step('the proof is paid once: 80 to the worker, 14 burnt; its replay is refused');

// --- a job with an input: the proof must state it
writeFileSync(join(folder, 'five'), '[5]');
writeFileSync(join(folder, 'six'), '[6]');
const third = await openJob(programHash('cube', join(folder, 'five')), '5');
await done(await worker.execute(call('JobManager', 'claim_job', u256(third))));
const ofSix = prove('cube', third, worker, '0x5', join(folder, 'six'));
await reverts(submit(worker, third, ofSix), /[Ii]nput/);
const ofFive = prove('cube', third, worker, '0x5', join(folder, 'five'));
await done(await submit(worker, third, ofFive));
await done(await worker.execute(call('JobManager', 'distribute_rewards', u256(third))));
step('a job with an input pays for the run on that input alone');
