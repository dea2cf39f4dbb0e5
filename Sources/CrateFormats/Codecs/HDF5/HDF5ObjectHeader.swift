import CrateValues

/// The kinds of header messages that matter here.
enum HDF5MessageKind {
    static let dataspace = 0x01
    static let linkInfo = 0x02
    static let datatype = 0x03
    static let oldFillValue = 0x04
    static let fillValue = 0x05
    static let link = 0x06
    static let externalFiles = 0x07
    static let layout = 0x08
    static let groupInfo = 0x0A
    static let filters = 0x0B
    static let attribute = 0x0C
    static let continuation = 0x10
    static let symbolTable = 0x11
    static let attributeInfo = 0x15
}

/// One message of an object's header.
struct HDF5Message {
    let kind: Int
    /// The body is not here but in another object's header, whose address stands here.
    let isShared: Bool
    /// A cursor over the body.
    let body: ByteReader
}

/// What an object is made of: its messages, gathered from all blocks of its header.
struct HDF5ObjectHeader {
    private(set) var messages: [HDF5Message] = []

    init(_ file: HDF5File, at address: Int) throws(FormatError) {
        let start = try file.data(at: address, count: min(4, file.bytes.count - min(address, file.bytes.count)))
        if start.starts(with: Array("OHDR".utf8)) {
            try readVersion2(file, at: address)
        } else {
            try readVersion1(file, at: address)
        }
    }

    func first(_ kind: Int) -> HDF5Message? { messages.first { $0.kind == kind } }
    func has(_ kind: Int) -> Bool { first(kind) != nil }

    // MARK: Version 1

    private mutating func readVersion1(_ file: HDF5File, at address: Int) throws(FormatError) {
        var prefix = try file.block(at: address, count: 16)
        try prefix.version(1...1, of: "object header")
        try prefix.skip(1)
        var left = Int(try prefix.littleEndian(UInt16.self))
        try prefix.skip(4)
        var blocks = [(address: address + 16, size: try prefix.size(4))]
        while let (address, size) = blocks.popLast() {
            var reader = try file.block(at: address, count: size)
            while left > 0, reader.remaining >= 8 {
                left -= 1
                let kind = Int(try reader.littleEndian(UInt16.self))
                let size = Int(try reader.littleEndian(UInt16.self))
                let flags = try reader.byte()
                try reader.skip(3)
                try add(kind, flags, size, &reader, file, &blocks)
            }
        }
    }

    // MARK: Version 2

    private mutating func readVersion2(_ file: HDF5File, at address: Int) throws(FormatError) {
        // Signature, version and flags; then times, limits and a size, as the flags say.
        var prefix = try file.block(at: address, count: 6)
        try prefix.skip(4)
        try prefix.version(2...2, of: "object header")
        let flags = try prefix.byte()
        let extra = (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
        let width = 1 << Int(flags & 3)
        var sizes = try file.block(at: address + 6, count: extra + width)
        try sizes.skip(extra)
        let prefixSize = 6 + extra + width
        let size = prefixSize.addingClamped(try sizes.size(width)).addingClamped(4)
        var blocks: [(address: Int, size: Int)] = []
        var first = try file.block(at: address, count: size)
        try readMessages(&first, from: prefixSize, flags, file, &blocks)
        while let (address, size) = blocks.popLast() {
            var reader = try file.block(at: address, count: size)
            try reader.requireSignature("OCHK")
            try readMessages(&reader, from: 4, flags, file, &blocks)
        }
    }

    /// Reads a block's messages and its checksum. Less than a message's prefix may be left over.
    private mutating func readMessages(
        _ reader: inout ByteReader, from start: Int, _ flags: UInt8, _ file: HDF5File, _ blocks: inout [(address: Int, size: Int)]
    ) throws(FormatError) {
        try reader.seek(to: max(reader.bytes.count - 4, 0))
        try reader.requireChecksum(from: 0)
        try reader.seek(to: start)
        let prefixSize = flags & 4 != 0 ? 6 : 4
        while reader.remaining >= prefixSize + 4 {
            let kind = Int(try reader.byte())
            let size = Int(try reader.littleEndian(UInt16.self))
            let messageFlags = try reader.byte()
            try reader.skip(prefixSize - 4)
            try add(kind, messageFlags, size, &reader, file, &blocks)
        }
    }

    private mutating func add(
        _ kind: Int, _ flags: UInt8, _ size: Int, _ reader: inout ByteReader, _ file: HDF5File, _ blocks: inout [(address: Int, size: Int)]
    ) throws(FormatError) {
        let position = reader.origin + reader.position
        var body = ByteReader(try reader.bytes(size), format: HDF5.format, origin: position)
        guard kind == HDF5MessageKind.continuation else {
            return messages.append(HDF5Message(kind: kind, isShared: flags & 2 != 0, body: body))
        }
        blocks.append((try body.definedAddress(file.offsetSize), try body.size(file.lengthSize)))
    }
}

extension HDF5Message {
    /// A cursor over the body, wherever it is: a datatype with a name of its own is an object, to which others refer.
    func resolved(_ file: HDF5File) throws(FormatError) -> ByteReader {
        guard isShared else { return body }
        var reference = body
        return try HDF5Message.shared(&reference, kind: kind, file)
    }

    /// Follows a reference to a message of another object.
    static func shared(_ reader: inout ByteReader, kind: Int, _ file: HDF5File) throws(FormatError) -> ByteReader {
        let version = try reader.version(1...3, of: "shared message")
        let place = try reader.byte()
        if version == 3, place == 1 { throw reader.error(.unsupported, "keeps shared messages in a heap") }
        if version == 1 { try reader.skip(6) }
        let header = try HDF5ObjectHeader(file, at: try reader.definedAddress(file.offsetSize))
        guard let message = header.first(kind), !message.isShared else { throw reader.malformed("refers to a message that is not there") }
        return message.body
    }
}
