import CrateValues

/// Writes a tar file front to back: ustar, with pax headers for what that has no room for. Owner and group are 0 and without names,
/// so that equal members give equal files.
struct TarWriter {
    private let sink: any ByteSink
    /// Told how many more bytes of members are written.
    private let packed: (Int) -> Void
    /// What is written between two of its calls.
    private static let piece = 4 << 20

    init(_ sink: any ByteSink, packed: @escaping (Int) -> Void = { _ in }) { (self.sink, self.packed) = (sink, packed) }

    /// Adds a member. `content` has a file's bytes.
    func add(_ member: Archive.Member, content: Bytes, modified: Int) throws(FormatError) {
        let (type, link) = try typeAndLink(member)
        let name = member.kind == .folder ? member.name + "/" : member.name
        var records: [UInt8] = []
        if !fits(name) { records += PaxRecords.record("path", name) }
        if !fits(link) { records += PaxRecords.record("linkpath", link) }
        if TarNumber.octal(content.count, width: 12) == nil { records += PaxRecords.record("size", String(content.count)) }
        if TarNumber.octal(modified, width: 12) == nil { records += PaxRecords.record("mtime", String(modified)) }
        if !records.isEmpty {
            try sink.write(header(name: "pax", type: UInt8(ascii: "x"), link: "", mode: 0o644, size: records.count, modified: 0))
            try sink.write(records)
            try pad(after: records.count)
        }
        let mode = member.kind == .folder || member.isExecutable ? 0o755 : 0o644
        try sink.write(header(name: name, type: type, link: link, mode: mode, size: content.count, modified: modified))
        try write(content)
        try pad(after: content.count)
    }

    private func write(_ content: Bytes) throws(FormatError) {
        var start = 0
        while start < content.count, let piece = content.slice(start..<min(start + TarWriter.piece, content.count)) {
            try sink.write(piece)
            packed(piece.count)
            start += piece.count
        }
    }

    /// Marks the end. The writer is not used after this.
    func finish() throws(FormatError) { try sink.write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize)) }

    private func typeAndLink(_ member: Archive.Member) throws(FormatError) -> (UInt8, String) {
        switch member.kind {
        case .file: return (UInt8(ascii: "0"), "")
        case .folder: return (UInt8(ascii: "5"), "")
        case .symbolicLink(let target): return (UInt8(ascii: "2"), target)
        case .hardLink(let target): return (UInt8(ascii: "1"), target)
        case .other(let what): throw FormatError(.unrepresentable, "tar", "a \(what) is not written", at: .member(member.name))
        }
    }

    /// Other bytes than ASCII mean UTF-8 only in pax headers.
    private func fits(_ text: String) -> Bool { text.utf8.count <= TarHeader.Field.name.count && text.utf8.allSatisfy { $0 < 0x80 } }

    private func header(name: String, type: UInt8, link: String, mode: Int, size: Int, modified: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarHeader.blockSize)
        func put(_ bytes: some Sequence<UInt8>, _ field: Range<Int>) {
            for (position, byte) in zip(field, bytes) { block[position] = byte }
        }
        func put(_ number: Int, _ field: Range<Int>) { put(TarNumber.octal(number, width: field.count) ?? [], field) }
        put(name.utf8, TarHeader.Field.name)
        put(mode, TarHeader.Field.mode)
        put(0, TarHeader.Field.owner)
        put(0, TarHeader.Field.group)
        put(size, TarHeader.Field.size)
        put(modified, TarHeader.Field.modified)
        put(repeatElement(UInt8(ascii: " "), count: 8), TarHeader.Field.checksum)
        block[TarHeader.Field.type] = type
        put(link.utf8, TarHeader.Field.linkName)
        put(TarHeader.posixMagic, TarHeader.Field.magic)
        let sum = block.reduce(0) { $0 + Int($1) }
        // Six digits, NUL and space, as the standard has it.
        put(TarNumber.octal(sum, width: 7) ?? [], TarHeader.Field.checksum)
        return block
    }

    private func pad(after count: Int) throws(FormatError) {
        let missing = (TarHeader.blockSize - count % TarHeader.blockSize) % TarHeader.blockSize
        if missing > 0 { try sink.write([UInt8](repeating: 0, count: missing)) }
    }
}
