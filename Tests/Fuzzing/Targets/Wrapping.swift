import CrateFormats
import CrateValues
import Glibc

/// A PyTorch file around `pickle`, so that the search is not about ZIP's directory.
func checkpoint(withPickle pickle: Bytes) throws -> Bytes {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("x/data.pkl", pickle)
    try writer.add("x/byteorder", Bytes("little".utf8))
    for key in 0..<4 { try writer.add("x/data/\(key)", Bytes([UInt8](0..<64))) }
    try writer.add("x/version", Bytes("3\n".utf8))
    try writer.finish()
    return Bytes(sink.array)
}

func gzip(_ bytes: Bytes) throws -> Bytes { Bytes(try Deflate.compress(bytes, frame: .gzip, level: 1)) }

/// The same PNG with the checksum that each chunk should have: a wrong one ends the reading before anything is tried.
func withValidChecksums(png: Bytes) -> Bytes {
    var bytes = png.array
    var position = 8
    while bytes.count - position >= 12 {
        let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - position - 12 else { break }
        let end = position + 8 + length
        let checksum = Deflate.crc32(Bytes(bytes[(position + 4)..<end]))
        for index in 0..<4 { bytes[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32(index))) }
        position = end + 4
    }
    return Bytes(bytes)
}

/// The same tar file with the checksum that each header should have, as far as the sizes in them lead.
func withValidChecksums(tar: Bytes) -> Bytes {
    var bytes = tar.array
    var position = 0
    while bytes.count - position >= 512, bytes[position] != 0 {
        let header = position..<(position + 512)
        for index in 148..<156 { bytes[position + index] = UInt8(ascii: " ") }
        let digits = String(bytes[header].reduce(0) { $0 + Int($1) }, radix: 8).utf8
        for (index, digit) in (Array(repeating: UInt8(ascii: "0"), count: 6 - digits.count) + digits + [0]).enumerated() { bytes[position + 148 + index] = digit }
        let size = Int(String(decoding: bytes[(position + 124)..<(position + 135)], as: UTF8.self), radix: 8) ?? 0
        guard size >= 0, size < bytes.count - position else { break }
        position += 512 + (size + 511) / 512 * 512
    }
    return Bytes(bytes)
}

/// A descriptor of a nameless file with these bytes.
func openMemory(_ bytes: Bytes) throws(FormatError) -> Int32 {
    var path = Array("/tmp/fuzz-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    unlink(path)
    guard file >= 0, bytes.withBytes({ write(file, $0.baseAddress, $0.count) }) == bytes.count, lseek(file, 0, SEEK_SET) == 0 else {
        throw FormatError(.system, "file", "can't be made")
    }
    return file
}
