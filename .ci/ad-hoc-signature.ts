// An ad-hoc code signature for a Mach-O executable, as `codesign --sign -` makes it, without a Mac: apple/darwin-xnu osfmk/kern/cs_blobs.h.
import { createHash } from 'node:crypto';

const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const MAGIC_64 = 0xfeedfacf;
const EMBEDDED_SIGNATURE = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const AD_HOC = 0x2;
const LINKER_SIGNED = 0x20000;
const SHA256 = 2;
const PAGE_BITS = 12;
const HASH_BYTES = 32;
/** Version 0x20400 of the directory: up to the executable segment's fields. */
const DIRECTORY_BYTES = 88;
const WRAPPER_BYTES = 20;

interface Command {
  readonly at: number;
  readonly kind: number;
}

const commandsOf = (file: Buffer): readonly Command[] => {
  if (file.readUInt32LE(0) !== MAGIC_64) throw new Error('not a 64-bit Mach-O file');
  const commands: Command[] = [];
  for (let at = 32, left = file.readUInt32LE(16); left > 0; left--) {
    commands.push({ at, kind: file.readUInt32LE(at) });
    at += file.readUInt32LE(at + 4);
  }
  return commands;
};

const segmentNamed = (file: Buffer, commands: readonly Command[], name: string): number => {
  const found = commands.find(({ at, kind }) => kind === LC_SEGMENT_64 && file.toString('latin1', at + 8, at + 24).replace(/\0+$/u, '') === name);
  if (found === undefined) throw new Error(`no segment ${name}`);
  return found.at;
};

const placeOfSignature = (commands: readonly Command[]): number => {
  const found = commands.find(({ kind }) => kind === LC_CODE_SIGNATURE);
  if (found === undefined) throw new Error('no room for a signature');
  return found.at;
};

const pagesOf = (length: number): number => Math.ceil(length / 2 ** PAGE_BITS);

const hashes = (code: Buffer): readonly Buffer[] =>
  Array.from({ length: pagesOf(code.length) }, (_, page) => createHash('sha256').update(code.subarray(page << PAGE_BITS, Math.min((page + 1) << PAGE_BITS, code.length))).digest());

/** The executable with a new signature in the place of the one it has, which has to be the end of the file. */
export const adHocSigned = (file: Buffer, identifier: string): Buffer => {
  const commands = commandsOf(file);
  const command = placeOfSignature(commands);
  const codeEnd = file.readUInt32LE(command + 8);
  const name = Buffer.from(`${identifier}\0`);
  const directoryBytes = DIRECTORY_BYTES + name.length + HASH_BYTES * pagesOf(codeEnd);
  const signatureBytes = Math.ceil((WRAPPER_BYTES + directoryBytes) / 16) * 16;
  const signed = Buffer.alloc(codeEnd + signatureBytes);
  file.copy(signed, 0, 0, codeEnd);

  // The headers first: they are on a page that is hashed.
  signed.writeUInt32LE(signatureBytes, command + 12);
  const linkEdit = segmentNamed(signed, commands, '__LINKEDIT');
  const linkEditBytes = BigInt(codeEnd + signatureBytes) - signed.readBigUInt64LE(linkEdit + 40);
  signed.writeBigUInt64LE(linkEditBytes, linkEdit + 48);
  signed.writeBigUInt64LE(((linkEditBytes + 0x3fffn) >> 14n) << 14n, linkEdit + 32);

  const text = segmentNamed(signed, commands, '__TEXT');
  const wrapper = [EMBEDDED_SIGNATURE, WRAPPER_BYTES + directoryBytes, 1, 0, WRAPPER_BYTES];
  const directory = [CODE_DIRECTORY, directoryBytes, 0x20400, AD_HOC | LINKER_SIGNED, DIRECTORY_BYTES + name.length, DIRECTORY_BYTES, 0, pagesOf(codeEnd), codeEnd];
  let at = codeEnd;
  for (const word of [...wrapper, ...directory]) at = signed.writeUInt32BE(word, at);
  at = signed.writeUInt32BE(((HASH_BYTES << 24) | (SHA256 << 16) | PAGE_BITS) >>> 0, at);
  // Spare, scatter, team, spare, and the 64-bit limit of code: none.
  at += 4 * 4 + 8;
  at = signed.writeBigUInt64BE(signed.readBigUInt64LE(text + 40), at);
  at = signed.writeBigUInt64BE(signed.readBigUInt64LE(text + 48), at);
  // The executable segment belongs to a main binary.
  at = signed.writeBigUInt64BE(1n, at);
  at += name.copy(signed, at);
  for (const hash of hashes(signed.subarray(0, codeEnd))) at += hash.copy(signed, at);
  return signed;
};

/** What is wrong with the signature of an executable; null: every page is what was signed. */
export const signatureProblem = (file: Buffer): string | null => {
  const commands = commandsOf(file);
  const command = placeOfSignature(commands);
  const wrapper = file.readUInt32LE(command + 8);
  if (wrapper + file.readUInt32LE(command + 12) !== file.length) return 'the signature is not the end of the file';
  if (file.readUInt32BE(wrapper) !== EMBEDDED_SIGNATURE) return 'no signature';
  const directory = wrapper + file.readUInt32BE(wrapper + 16);
  if (file.readUInt32BE(directory) !== CODE_DIRECTORY) return 'no code directory';
  if ((file.readUInt32BE(directory + 12) & AD_HOC) === 0) return 'not signed ad hoc';
  const codeEnd = file.readUInt32BE(directory + 32);
  if (codeEnd !== wrapper) return `${codeEnd} bytes are signed, and the code has ${wrapper}`;
  if (file[directory + 37] !== SHA256 || file[directory + 39] !== PAGE_BITS) return 'another kind of hash';
  const first = directory + file.readUInt32BE(directory + 16);
  const wrong = hashes(file.subarray(0, codeEnd)).filter((hash, page) => !hash.equals(file.subarray(first + page * HASH_BYTES, first + (page + 1) * HASH_BYTES)));
  return wrong.length === 0 ? null : `${wrong.length} pages are not what was signed`;
};
