import CrateValues

/// One entry of a group.
struct HDF5Link {
    enum Target {
        /// An object of this file.
        case object(Int)
        /// A path in this file.
        case path(String)
        /// A path in another file.
        case external(file: String, path: String)
        case unknown(kind: UInt8)
    }

    let name: String
    let target: Target
    /// When the link was made, counted; `nil` when the group does not keep that.
    var order: UInt64?
    /// Where the link stands in the file.
    let position: Int
}

/// The links of a group, by either of the ways that files keep them.
struct HDF5Group {
    private let file: HDF5File
    private(set) var links: [HDF5Link] = []

    /// `nil` for a header that is not a group's.
    init?(_ file: HDF5File, _ header: HDF5ObjectHeader) throws(FormatError) {
        self.file = file
        if let table = header.first(HDF5MessageKind.symbolTable) {
            try readSymbolTable(table.body)
        } else if header.has(HDF5MessageKind.linkInfo) || header.has(HDF5MessageKind.link) || header.has(HDF5MessageKind.groupInfo) {
            try readLinks(header)
        } else {
            return nil
        }
        var seen: Set<String> = []
        for link in links where !seen.insert(link.name).inserted {
            throw FormatError(.malformed, HDF5.format, "holds the name \(link.name) twice", at: .member(link.name))
        }
    }

    // MARK: Old groups

    /// A B-tree of nodes of links, whose names stand in a heap.
    private mutating func readSymbolTable(_ message: ByteReader) throws(FormatError) {
        var message = message
        let tree = try message.definedAddress(file.offsetSize)
        let names = try nameHeap(at: try message.definedAddress(file.offsetSize))
        var nodes: [Int] = []
        try HDF5Tree1(file, kind: 0, keySize: file.lengthSize).visit(tree) { (_, node) throws(FormatError) in nodes.append(node) }
        for node in nodes { try readNode(at: node, names) }
    }

    private func nameHeap(at address: Int) throws(FormatError) -> Bytes {
        var reader = try file.block(at: address, count: 8 + 2 * file.lengthSize + file.offsetSize)
        try reader.requireSignature("HEAP")
        try reader.version(0...0, of: "local heap")
        try reader.skip(3)
        let size = try reader.size(file.lengthSize)
        try reader.skip(file.lengthSize)
        return try file.data(at: try reader.definedAddress(file.offsetSize), count: size)
    }

    private mutating func readNode(at address: Int, _ names: Bytes) throws(FormatError) {
        var prefix = try file.block(at: address, count: 8)
        try prefix.requireSignature("SNOD")
        try prefix.version(1...1, of: "symbol table node")
        try prefix.skip(1)
        let count = Int(try prefix.littleEndian(UInt16.self))
        var reader = try file.block(at: address + 8, count: count * (2 * file.offsetSize + 24))
        for _ in 0..<count {
            let position = reader.origin + reader.position
            let name = try file.name(in: names, at: try reader.size(file.offsetSize))
            let object = try reader.address(file.offsetSize)
            let cache = try reader.littleEndian(UInt32.self)
            try reader.skip(4)
            let value = try reader.size(4)
            try reader.skip(12)
            if cache == 2 {
                links.append(HDF5Link(name: name, target: .path(try file.name(in: names, at: value)), position: position))
            } else {
                guard let object else { throw reader.malformed("has the link \(name) without an address") }
                links.append(HDF5Link(name: name, target: .object(object), position: position))
            }
        }
    }

    // MARK: New groups

    private mutating func readLinks(_ header: HDF5ObjectHeader) throws(FormatError) {
        for message in header.messages where message.kind == HDF5MessageKind.link { links.append(try link(message.body)) }
        if let info = header.first(HDF5MessageKind.linkInfo) { try readHeap(info.body) }
        // As h5py lists them: in the order of their making, if that is kept, else by name.
        if links.allSatisfy({ $0.order != nil }) {
            links.sort { ($0.order ?? 0) < ($1.order ?? 0) }
        } else {
            links.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    private mutating func readHeap(_ message: ByteReader) throws(FormatError) {
        var message = message
        try message.version(0...0, of: "link info")
        if try message.byte() & 1 != 0 { try message.skip(8) }
        guard let heapAddress = try message.address(file.offsetSize), let treeAddress = try message.address(file.offsetSize) else { return }
        let heap = try HDF5FractalHeap(file, at: heapAddress)
        for record in try HDF5Tree2(file, at: treeAddress).records() {
            var record = record
            // The name's hash.
            try record.skip(4)
            links.append(try link(try heap.object(record)))
        }
    }

    private func link(_ body: ByteReader) throws(FormatError) -> HDF5Link {
        var body = body
        try body.version(1...1, of: "link")
        let flags = try body.byte()
        let kind = flags & 8 != 0 ? try body.byte() : 0
        let order = flags & 4 != 0 ? try body.littleEndian(UInt64.self) : nil
        if flags & 16 != 0 { try body.skip(1) }
        let name = try body.text(try body.size(1 << Int(flags & 3)))
        return HDF5Link(name: name, target: try target(kind, &body), order: order, position: body.origin)
    }

    private func target(_ kind: UInt8, _ body: inout ByteReader) throws(FormatError) -> HDF5Link.Target {
        switch kind {
        case 0: return .object(try body.definedAddress(file.offsetSize))
        case 1: return .path(try body.text(Int(try body.littleEndian(UInt16.self))))
        case 64:
            try body.skip(3)
            let name = try body.nulTerminated()
            return .external(file: name, path: try body.nulTerminated())
        default: return .unknown(kind: kind)
        }
    }
}

extension ByteReader {
    /// `count` bytes as text, whatever they are.
    fileprivate mutating func text(_ count: Int) throws(FormatError) -> String { String(decoding: try bytes(count).array, as: UTF8.self) }
}
