// The server under test, and what every client has to carry through it.

export const URL = process.env.SELVEDGE_URL;
export const ACCOUNT = process.env.SELVEDGE_ACCOUNT;
export const TOKEN = process.env.SELVEDGE_TOKEN;

// 2100-01-01, in seconds.
export const FAR_AWAY = 4102444800;

// Each of these keys is legal and distinct.
export const ODD_KEYS = [
  "a/b",
  "a%2Fb",
  "a%252Fb",
  "a+b",
  "a b",
  "a%20b",
  " ",
  "?",
  "#",
  "?limit=1&prefix=#x",
  "%",
  "%zz",
  "&=;,@!$'()*~",
  "[]|^`{}<>\"\\",
  "a:b:c",
  "/",
  "//",
  "/a/",
  "a/../b",
  "a/..",
  "../a",
  "...",
  "%2e%2e",
  "bulk",
  "bulk/get",
  "keys",
  "\n\t\u0000\u007f",
  "é",
  "e\u0301",
  "ключ",
  "\uffff",
  "😀",
  "👩‍👩‍👧‍👦",
  "k".repeat(512),
  "😀".repeat(128),
];

export function inByteOrder(names) {
  return [...names].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

export function everyByte() {
  return Uint8Array.from({ length: 256 }, (_, i) => i);
}

let titles = 0;

export function newTitle(word) {
  titles += 1;
  return `${word}-${process.pid}-${titles}`;
}

// Creates the namespace that every client needs.
export async function newNamespace(word, token = TOKEN) {
  const response = await fetch(`${URL}/client/v4/accounts/${ACCOUNT}/storage/kv/namespaces`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ title: newTitle(word) }),
  });
  const envelope = await response.json();
  if (!envelope.success) {
    throw new Error(JSON.stringify(envelope));
  }
  return envelope.result.id;
}
