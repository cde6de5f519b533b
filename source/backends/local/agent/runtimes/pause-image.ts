import {tarEnd, tarHeader, tarPadding} from '../../../../core/archive/tar.ts';

export const pauseImage = 'muster-pause:1';
export const pauseCommand = '/pause';

/** Where a program is put in memory. */
const base = 0x40_00_00;
const fileHeaderBytes = 64;
const programHeaderBytes = 56;
const start = fileHeaderBytes + programHeaderBytes;

/** Machine code that sleeps for ever and needs no library, and the number of its processor in ELF. */
const programs: Partial<Record<string, {readonly machine: number; readonly code: readonly number[]}>> = {
	// again: mov eax, 34 (pause); syscall; jmp again
	x64: {machine: 62, code: [0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7]},
	// again: mov x0..x3, 0; mov x8, 73 (ppoll); svc 0; b again
	arm64: {
		machine: 183,
		code: [
			0xd2_80_00_00, 0xd2_80_00_01, 0xd2_80_00_02, 0xd2_80_00_03, 0xd2_80_09_28, 0xd4_00_00_01, 0x17_ff_ff_fa,
		].flatMap(word => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]),
	},
};

export function hasPauseProgram(processor: string): boolean {
	return programs[processor] !== undefined;
}

/** An executable of one segment that does nothing. */
export function pauseProgram(processor: string): Buffer {
	const {machine = 0, code = []} = programs[processor] ?? {};
	const bytes = Buffer.alloc(start + code.length);
	// 64 bits, little-endian.
	bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0);
	// Executable, for this processor, version 1.
	bytes.writeUInt16LE(2, 16);
	bytes.writeUInt16LE(machine, 18);
	bytes.writeUInt32LE(1, 20);
	bytes.writeBigUInt64LE(BigInt(base + start), 24);
	bytes.writeBigUInt64LE(BigInt(fileHeaderBytes), 32);
	bytes.writeUInt16LE(fileHeaderBytes, 52);
	bytes.writeUInt16LE(programHeaderBytes, 54);
	bytes.writeUInt16LE(1, 56);
	// One segment, the whole file, to be read and run.
	bytes.writeUInt32LE(1, 64);
	bytes.writeUInt32LE(5, 68);
	bytes.writeBigUInt64LE(BigInt(base), 80);
	bytes.writeBigUInt64LE(BigInt(base), 88);
	bytes.writeBigUInt64LE(BigInt(bytes.length), 96);
	bytes.writeBigUInt64LE(BigInt(bytes.length), 104);
	bytes.writeBigUInt64LE(0x10_00n, 112);
	bytes.set(code, start);
	return bytes;
}

/** An image with that program and nothing else, as a tar of its root. */
export function pauseRoot(processor: string): Buffer {
	const program = pauseProgram(processor);
	const size = program.length;
	const header = tarHeader({name: pauseCommand.slice(1), type: 'file', mode: 0o555, modifiedS: 0, size, target: ''});
	return Buffer.concat([header, program, tarPadding(size), tarEnd]);
}
