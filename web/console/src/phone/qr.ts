/**
 * QR codes (ISO/IEC 18004) of short texts: bytes as UTF-8, error correction L, versions 1 to 20. Made
 * here, so that an address with a secret in it is given to nobody who draws pictures.
 */

/** Error correction bytes in a block and blocks, by version, for level L. */
const CHECK = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
const BLOCKS = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const LARGEST = 20;
const LEVEL_L = 1;

const times = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const at = (list: readonly number[], index: number): number => list[index] ?? 0;

/** Modules that hold data or error correction, in this version. */
function rawModules(version: number): number {
  const aligned = Math.floor(version / 7) + 2;
  const align = version < 2 ? 0 : (25 * aligned - 10) * aligned - 55;
  return (16 * version + 128) * version + 64 - align - (version < 7 ? 0 : 36);
}
const dataBytes = (version: number): number => Math.floor(rawModules(version) / 8) - at(CHECK, version) * at(BLOCKS, version);

function multiply(x: number, y: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((y >>> bit) & 1) * x;
  }
  return product & 0xff;
}

/** The bytes that let a reader repair a block (Reed and Solomon, over GF(2⁸)). */
function checkBytes(data: readonly number[], count: number): number[] {
  const divisor = [...times(count - 1).map(() => 0), 1];
  let root = 1;
  for (let n = 0; n < count; n += 1) {
    for (let k = 0; k < count; k += 1) divisor[k] = multiply(at(divisor, k), root) ^ (k + 1 < count ? at(divisor, k + 1) : 0);
    root = multiply(root, 2);
  }
  const rest = times(count).map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (let k = 0; k < count; k += 1) rest[k] = at(rest, k) ^ multiply(at(divisor, k), factor);
  }
  return rest;
}

function payload(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1);
  };
  const room = dataBytes(version) * 8;
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  return times(bits.length / 8).map((n) => bits.slice(8 * n, 8 * n + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
}

/** Data and error correction in the order in which they are drawn. */
function interleaved(data: readonly number[], version: number): number[] {
  const [count, check] = [at(BLOCKS, version), at(CHECK, version)];
  const raw = Math.floor(rawModules(version) / 8);
  const short = count - (raw % count);
  const length = Math.floor(raw / count) - check;
  let from = 0;
  const blocks = times(count).map((n) => {
    const own = data.slice(from, from + length + (n < short ? 0 : 1));
    from += own.length;
    return { own, check: checkBytes(own, check) };
  });
  return [
    ...times(length + 1).flatMap((k) => blocks.flatMap(({ own }) => (k < own.length ? [at(own, k)] : []))),
    ...times(check).flatMap((k) => blocks.map((block) => at(block.check, k))),
  ];
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The modules, dark where `true`, row by row; `null` for a text that is too long. */
export function qrModules(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  const version = times(LARGEST).map((n) => n + 1).find((one) => 4 + (one < 10 ? 8 : 16) + 8 * bytes.length <= 8 * dataBytes(one));
  if (version === undefined) return null;
  const size = 17 + 4 * version;
  const dark = times(size).map(() => times(size).map(() => false));
  const fixed = times(size).map(() => times(size).map(() => false));
  const set = (x: number, y: number, on: boolean): void => {
    const [row, held] = [dark[y], fixed[y]];
    if (!row || !held || x < 0 || x >= size) return;
    row[x] = on;
    held[x] = true;
  };

  for (const n of times(size)) {
    set(6, n, n % 2 === 0);
    set(n, 6, n % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const)
    for (let dy = -4; dy <= 4; dy += 1)
      for (let dx = -4; dx <= 4; dx += 1) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
  const places = alignment(version, size);
  places.forEach((cx, i) =>
    places.forEach((cy, j) => {
      const last = places.length - 1;
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }),
  );
  if (version >= 7) {
    let rest = version;
    for (let n = 0; n < 12; n += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (const n of times(18)) {
      const [a, b] = [size - 11 + (n % 3), Math.floor(n / 3)];
      set(a, b, ((bits >>> n) & 1) === 1);
      set(b, a, ((bits >>> n) & 1) === 1);
    }
  }
  const format = (mask: number): void => {
    const data = (LEVEL_L << 3) | mask;
    let rest = data;
    for (let n = 0; n < 10; n += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((data << 10) | rest) ^ 0x5412;
    const bit = (n: number): boolean => ((bits >>> n) & 1) === 1;
    for (let n = 0; n <= 5; n += 1) set(8, n, bit(n));
    set(8, 7, bit(6));
    set(8, 8, bit(7));
    set(7, 8, bit(8));
    for (let n = 9; n < 15; n += 1) set(14 - n, 8, bit(n));
    for (let n = 0; n < 8; n += 1) set(size - 1 - n, 8, bit(n));
    for (let n = 8; n < 15; n += 1) set(8, size - 15 + n, bit(n));
    set(8, size - 8, true);
  };
  format(0);

  const all = interleaved(payload(bytes, version), version);
  let index = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (const step of times(size))
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        const row = dark[y];
        if (!row || fixed[y]?.[x] || index >= all.length * 8) continue;
        row[x] = ((at(all, index >>> 3) >>> (7 - (index & 7))) & 1) === 1;
        index += 1;
      }
  }
  const masked = (mask: number): boolean[][] => dark.map((row, y) => row.map((on, x) => (fixed[y]?.[x] ? on : on !== MASKS[mask]?.(x, y))));
  let best = { mask: 0, penalty: Number.POSITIVE_INFINITY };
  for (const mask of times(MASKS.length)) {
    format(mask);
    const found = penalty(masked(mask));
    if (found < best.penalty) best = { mask, penalty: found };
  }
  format(best.mask);
  return masked(best.mask);
}

/** Where the small squares that keep the grid straight stand, along one side. */
function alignment(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...times(count - 1).map((n) => size - 7 - n * step).reverse()];
}

/** How hard a pattern is to read: long runs, blocks, patterns like a finder, and too much of one. */
function penalty(modules: readonly (readonly boolean[])[]): number {
  const size = modules.length;
  const lines = [
    ...modules.map((row) => row.map((on) => (on ? "1" : "0")).join("")),
    ...times(size).map((x) => modules.map((row) => (row[x] ? "1" : "0")).join("")),
  ];
  let sum = 0;
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    for (let n = 0; n + 11 <= line.length; n += 1) if (/^(00001011101|10111010000)/.test(line.slice(n, n + 11))) sum += 40;
  }
  for (let y = 0; y + 1 < size; y += 1)
    for (let x = 0; x + 1 < size; x += 1) {
      const on = modules[y]?.[x];
      if (on === modules[y]?.[x + 1] && on === modules[y + 1]?.[x] && on === modules[y + 1]?.[x + 1]) sum += 3;
    }
  const share = lines.slice(0, size).join("").replaceAll("0", "").length / (size * size);
  return sum + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}

/** The dark modules as one path of unit squares, and the side of the whole with its quiet zone of four. */
export function qrPath(text: string): { path: string; side: number } | null {
  const modules = qrModules(text);
  if (!modules) return null;
  const path = modules.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join("");
  return { path, side: modules.length + 8 };
}
