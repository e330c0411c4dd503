// node watch.mjs PACKAGE
// Checks watch() and the epochs of selvedge() of @selvedge/workers against answers that this script gives.

const { selvedge, SelvedgeError } = await import(process.argv[2]);
const encoder = new TextEncoder();
const unhandled = [];
process.on("unhandledRejection", (failure) => unhandled.push(failure));

// A server that gives the answers one after another. An answer is a function of the request.
function serverOf(...answers) {
  const requests = [];
  const fetch = async (url, init = {}) => {
    const query = new URL(url).searchParams;
    const request = { path: new URL(url).pathname, query, headers: init.headers ?? {}, signal: init.signal };
    requests.push(request);
    return answers.shift()(request);
  };
  return { requests, at: { fetch }, kv: selvedge({ fetch }, { namespace: "n" }) };
}

const line = (event) => `${JSON.stringify(event)}\n`;
const hello = (version, epoch) => line({ heartbeat: version, epoch, opening: `opening of ${epoch}` });
const put = (version, key) => line({ version, type: "put", key });
const headers = (version, epoch) => ({ "Selvedge-As-Of": String(version), "Selvedge-Epoch": String(epoch) });

// A feed of these pieces, text or bytes. It breaks after them, or stays open and silent.
function feed(pieces, { broken = true, version = 1, epoch = 1 } = {}) {
  return ({ signal }) => {
    const body = new ReadableStream({
      start(controller) {
        signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
        pieces.forEach((piece) => controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece));
      },
      pull(controller) {
        return broken ? controller.error(new TypeError("terminated")) : new Promise(() => {});
      },
    }, { highWaterMark: 0 });
    return new Response(body, { headers: { ...headers(version, epoch), "Selvedge-Heartbeat-Seconds": "1" } });
  };
}

const answer = (status, text, more = {}) => () => new Response(text, { status, headers: more });
const failure = (status, code, more) => answer(status, JSON.stringify({ error: { code, message: code } }), more);

function equal(actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

async function refused(promise, status, code) {
  const error = await promise.then((value) => new Error(`no failure: ${JSON.stringify(value)}`), (reason) => reason);
  if (!(error instanceof SelvedgeError)) {
    throw error;
  }
  equal([error.status, error.code], [status, code]);
}

// Fails if the promise is still pending after the time.
async function soon(promise, millis = 8000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("still waiting")), millis);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const tests = {
  async "goes on behind the last change, also when it was cut within a character"() {
    const second = encoder.encode(put(8, "é"));
    const server = serverOf(
      feed([hello(6, 3), put(7, "a"), second.subarray(0, second.indexOf(0xc3) + 1)]),
      feed([hello(7, 3), second.subarray(0, 12), second.subarray(12, 30), second.subarray(30)]),
    );
    const changes = server.kv.watch({ after: 6 });
    equal((await soon(changes.next())).value.key, "a");
    equal((await soon(changes.next())).value.key, "é");
    await changes.return();
    equal(server.requests.map(({ query }) => query.get("after")), ["6", "7"]);
    equal(server.requests[1].query.get("epoch"), "3");
    equal(server.requests[1].headers["Selvedge-Openings"], "opening of 3");
  },

  async "keeps its position at an event of a later version of the server"() {
    const server = serverOf(feed([hello(6, 3), line({ notice: "x" })]), feed([hello(6, 3), put(7, "a")]));
    const changes = server.kv.watch();
    equal((await soon(changes.next())).value.key, "a");
    await changes.return();
    equal(server.requests[1].query.get("after"), "6");
  },

  async "ends at an answer that is not a feed"() {
    const page = serverOf(feed([hello(6, 3), put(7, "a")]), answer(200, "<html>\n</html>\n"));
    const changes = page.kv.watch();
    await soon(changes.next());
    await refused(soon(changes.next()), 200, "unexpected");
  },

  async "ends at a refusal of a proxy"() {
    const proxy = serverOf(feed([hello(6, 3), put(7, "a")]), answer(403, '{"message":"Forbidden"}'));
    const changes = proxy.kv.watch();
    await soon(changes.next());
    await refused(soon(changes.next()), 403, "unexpected");
  },

  async "connects again after silence, and closes the connection"() {
    const server = serverOf(feed([hello(6, 3)], { broken: false }), feed([hello(6, 3), put(7, "a")], { broken: false }));
    const changes = server.kv.watch();
    equal((await soon(changes.next())).value.key, "a");
    equal(server.requests.map(({ signal }) => signal.aborted), [true, false]);
    await changes.return();
    equal(server.requests[1].signal.aborted, true);
  },

  async "connects again when the server does not answer"() {
    const never = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const server = serverOf(feed([hello(6, 3), put(7, "a")]), never, feed([hello(7, 3), put(8, "b")]));
    const changes = server.kv.watch();
    await soon(changes.next());
    equal((await soon(changes.next(), 20_000)).value.key, "b");
    await changes.return();
  },

  async "does not count the time that the caller takes"() {
    const server = serverOf(feed([hello(6, 3), put(7, "a"), put(8, "b")], { broken: false }));
    const changes = server.kv.watch();
    await soon(changes.next());
    await new Promise((resolve) => setTimeout(resolve, 3500));
    equal((await soon(changes.next())).value.key, "b");
    await changes.return();
    equal(server.requests.length, 1);
  },

  async "names the epoch of a version that a watch has yielded"() {
    const server = serverOf(feed([hello(6, 3), put(7, "a")], { version: 6, epoch: 3 }), answer(200, "v", headers(7, 3)));
    const changes = server.kv.watch();
    await soon(changes.next());
    await changes.return();
    await server.kv.get("k", { atLeast: 7 });
    equal(server.requests[1].headers["Selvedge-Epoch"], "3");
  },

  async "refuses a lost version as often as it is named"() {
    const lost = failure(412, "lineage-changed", { ...headers(1005, 2), "Selvedge-Agreed": "50" });
    const server = serverOf(answer(200, "v", headers(100, 1)), lost, answer(200, "v", headers(1005, 2)), lost);
    await server.kv.get("k");
    await refused(server.kv.get("k", { atLeast: 80 }), 412, "lineage-changed");
    await server.kv.get("k");
    await refused(server.kv.get("k", { atLeast: 80 }), 412, "lineage-changed");
    equal(server.requests.map(({ headers }) => headers["Selvedge-Epoch"]), [undefined, "1", undefined, "1"]);
  },

  async "names no epoch that the server does not know for a version before it"() {
    const unknown = failure(412, "lineage-changed", { ...headers(2005, 3), "Selvedge-Agreed": "0" });
    const server = serverOf(
      answer(200, "v", headers(1005, 2)),
      unknown,
      answer(200, "v", headers(2005, 3)),
      answer(200, "v", headers(2005, 3)),
      unknown,
    );
    await server.kv.get("k");
    await refused(server.kv.get("k", { atLeast: 1005 }), 412, "lineage-changed");
    await server.kv.get("k", { atLeast: 10 });
    await server.kv.get("k", { atLeast: 10 });
    await refused(server.kv.get("k", { atLeast: 1005 }), 412, "lineage-changed");
    equal(server.requests.map(({ headers }) => headers["Selvedge-Epoch"]), [undefined, "2", undefined, "3", "2"]);
  },

  async "names no epoch for all changes from the first one"() {
    const server = serverOf(answer(200, "v", headers(1005, 2)), feed([hello(0, 1), put(1, "a")]));
    await server.kv.get("k");
    const changes = server.kv.watch({ after: 0 });
    await soon(changes.next());
    await changes.return();
    equal([server.requests[1].query.get("after"), server.requests[1].query.get("epoch")], ["0", null]);
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  await test().catch((error) => {
    failed++;
    console.log(`${name}: ${error.stack}`);
  });
}
equal(unhandled.map(String), []);
console.log(failed === 0 ? "ok" : `${failed} of ${Object.keys(tests).length} failed`);
process.exit(failed === 0 ? 0 : 1);
