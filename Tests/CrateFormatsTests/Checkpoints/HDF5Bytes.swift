import CrateFormats
import CrateValues

/// HDF5 files put together by hand: a superblock of version 0 and objects that are appended one after the other.
struct HDF5Bytes {
    private(set) var bytes = [UInt8](repeating: 0, count: 96)

    /// Where the next object will stand.
    var next: Int { bytes.count }

    /// The file, whose root group is the object at `root`.
    func file(root: Int) -> Bytes {
        var start: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]
        for value in [0, UInt64.max, UInt64(bytes.count), UInt64.max, 0, UInt64(root)] { start += HDF5Bytes.number(value, 8) }
        return Bytes(start + bytes[start.count...])
    }

    static func number(_ value: some FixedWidthInteger, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) >> UInt64(8 * $0)) }
    }

    @discardableResult
    mutating func append(_ more: [UInt8]) -> Int {
        let start = bytes.count
        bytes += more + [UInt8](repeating: 0, count: -more.count & 7)
        return start
    }

    /// An object header of version 1.
    @discardableResult
    mutating func object(_ messages: [(kind: Int, body: [UInt8])]) -> Int {
        var body: [UInt8] = []
        for message in messages {
            let padded = message.body + [UInt8](repeating: 0, count: -message.body.count & 7)
            body += HDF5Bytes.number(message.kind, 2) + HDF5Bytes.number(padded.count, 2) + [0, 0, 0, 0] + padded
        }
        return append(
            [1, 0] + HDF5Bytes.number(messages.count, 2) + HDF5Bytes.number(1, 4) + HDF5Bytes.number(body.count, 4) + [0, 0, 0, 0] + body)
    }

    /// A group whose links stand in its header.
    @discardableResult
    mutating func group(_ links: [(name: String, address: Int)]) -> Int {
        object(
            [(0x0A, [0, 0])]
                + links.map { (0x06, [1, 0, UInt8($0.name.utf8.count)] + Array($0.name.utf8) + HDF5Bytes.number($0.address, 8)) })
    }

    // MARK: Messages

    static func space(_ shape: [UInt64]) -> (Int, [UInt8]) {
        (0x01, [1, UInt8(shape.count), 0, 0, 0, 0, 0, 0] + shape.flatMap { number($0, 8) })
    }
    static let int32: (Int, [UInt8]) = (0x03, int32Type)
    static let int32Type: [UInt8] = [0x10, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]
    static let variableText: (Int, [UInt8]) = (0x03, [0x19, 1, 1, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0])
    static func contiguous(_ address: UInt64, _ size: UInt64) -> (Int, [UInt8]) { (0x08, [3, 1] + number(address, 8) + number(size, 8)) }
    static func chunked(_ address: UInt64, _ chunk: [UInt32], elementSize: UInt32) -> (Int, [UInt8]) {
        (0x08, [3, 2, UInt8(chunk.count + 1)] + number(address, 8) + (chunk + [elementSize]).flatMap { number($0, 4) })
    }
    /// One filter without parameters. One that is not of the format's own has a name, here an empty one.
    static func filter(_ identifier: UInt16) -> (Int, [UInt8]) {
        (0x0B, [2, 1] + number(identifier, 2) + [UInt8](repeating: 0, count: identifier >= 256 ? 6 : 4))
    }

    /// A B-tree of one node that leads to chunks in one dimension: first element, stored size and address.
    @discardableResult
    mutating func chunkTree(_ chunks: [(first: Int, size: Int, address: Int)]) -> Int {
        var node = Array("TREE".utf8) + [1, 0] + HDF5Bytes.number(chunks.count, 2) + [UInt8](repeating: 255, count: 16)
        for chunk in chunks {
            node += HDF5Bytes.number(chunk.size, 4) + HDF5Bytes.number(0, 4) + HDF5Bytes.number(chunk.first, 8) + HDF5Bytes.number(0, 8)
            node += HDF5Bytes.number(chunk.address, 8)
        }
        return append(node + [UInt8](repeating: 0, count: 24))
    }
}
