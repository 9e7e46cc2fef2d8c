// The protocol of the peers: one JSON request a line on standard input, one JSON answer a line on standard output.
//
//   {"command": "verify", "document": "{...}", ...}  ->  {"answer": {...}}  or  {"error": "TypeError: ..."}
//
// Besides its own commands every peer knows these:
//
//   versions  {}                                -> {node, packages}
//   batch     {requests: [{command, ...}]}      -> {replies: [{answer} or {error}]}
//   bench     {of, count, warmup, ...request}   -> {median_us, min_us, count, answer}; `of` is the command to be timed

import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';

export async function serve(own) {
  const commands = {...own, versions, batch, bench};

  async function reply({command, ...request}) {
    try {
      return {answer: await commands[command](request)};
    } catch(error) {
      return {error: message(error)};
    }
  }

  async function batch({requests}) {
    const replies = [];
    for(const request of requests) {
      replies.push(await reply(request));
    }
    return {replies};
  }

  async function bench({of, count, warmup = 200, ...request}) {
    const microseconds = [];
    let answer;
    for(let round = -warmup; round < count; round++) {
      const start = process.hrtime.bigint();
      answer = await commands[of](request);
      if(round >= 0) {
        microseconds.push(Number(process.hrtime.bigint() - start) / 1000);
      }
    }
    microseconds.sort((a, b) => a - b);
    return {median_us: microseconds[count >> 1], min_us: microseconds[0], count, answer};
  }

  for await (const line of createInterface({input: process.stdin})) {
    process.stdout.write(`${JSON.stringify(await reply(JSON.parse(line)))}\n`);
  }
}

function versions() {
  const {dependencies} = JSON.parse(readFileSync(new URL('package.json', import.meta.url)));
  return {node: process.versions.node, packages: dependencies};
}

// The innermost cause is what tells one refusal from another.
export function message(error) {
  const causes = [error?.errors ?? []].flat();
  return error && (causes.length > 0 ? causes.map(message).join('; ') :
    `${error.name}: ${error.message}${error.details?.event ? ` (${error.details.event.code})` : ''}`);
}
