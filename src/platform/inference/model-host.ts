/**
 * The program of a process that runs models which nobody here has looked at: `node model-host.js`, with an IPC
 * channel. Whatever such a model does (crash, never end, eat memory) ends this process, and this one only.
 */
import { writeFileSync } from 'node:fs';
import ort, { type InferenceSession } from 'onnxruntime-node';
import type { GraphTensor, HostAnswer, HostRequest } from './model-host.messages.js';
import type { Tensor, Tensors } from './model-runner.js';
import { checkOutputSize } from './output-limit.js';

const sessions = new Map<string, InferenceSession>();

// Without a parent there is nobody to answer.
process.once('disconnect', () => process.exit(0));
volunteerForTheKiller();

let turn: Promise<unknown> = Promise.resolve();
process.on('message', (request: HostRequest) => {
  turn = turn.then(async () => {
    const started = performance.now();
    let answer: HostAnswer;
    try {
      answer = { id: request.id, ok: true, ...(await handle(request)), ms: performance.now() - started };
    } catch (error) {
      answer = { id: request.id, ok: false, message: error instanceof Error ? error.message : String(error) };
    }
    process.send?.(answer);
  });
});

async function handle(request: HostRequest): Promise<Partial<Extract<HostAnswer, { ok: true }>>> {
  if (request.type === 'open') return { shape: await open(request.key, request.bytes) };
  if (request.type === 'run') return { outputs: await run(request.key, request.inputs) };
  const session = sessions.get(request.key);
  sessions.delete(request.key);
  await session?.release();
  return {};
}

async function open(key: string, bytes: Uint8Array) {
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionProviders: ['cpu'],
    logSeverityLevel: 4,
  });
  sessions.set(key, session);
  return { inputs: session.inputMetadata.map(tensorOf), outputs: session.outputMetadata.map(tensorOf) };
}

async function run(key: string, inputs: Tensors): Promise<Tensors> {
  const session = sessions.get(key);
  if (!session) throw new Error('the model is not open');
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, new ort.Tensor('float32', data, dims)]),
  );
  const results = await session.run(feeds);
  const outputs = Object.fromEntries(
    Object.entries(results).map(([name, { data, dims, type }]): [string, Tensor] => {
      if (!(data instanceof Float32Array)) throw new Error(`the output "${name}" is ${type}, not float32`);
      return [name, { data, dims }];
    }),
  );
  checkOutputSize(outputs);
  return outputs;
}

function tensorOf(metadata: InferenceSession.ValueMetadata): GraphTensor {
  if (!metadata.isTensor) return { name: metadata.name, type: 'no tensor', shape: null };
  return { name: metadata.name, type: metadata.type, shape: metadata.shape ?? null };
}

/** Where memory runs out on Linux, the kernel should end this process before any other. */
function volunteerForTheKiller(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Another system, or not allowed: the parent watches our memory anyway.
  }
}
