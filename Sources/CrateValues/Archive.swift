/// Files kept in one: what a ZIP or tar file holds, or what is to be written as one.
///
/// Members leave their bytes where they are, packed or not, until someone asks for them.
public struct Archive: Sendable {
    /// One file, folder or link inside.
    public struct Member: Sendable {
        public enum Kind: Sendable, Equatable {
            case file
            case folder
            /// Holds a path, relative to the folder that the link lies in.
            case symbolicLink(String)
            /// The same file as an earlier member of this name.
            case hardLink(String)
            /// Listed, but never made or read: "device", "sparse file" …
            case other(String)
        }

        /// The path inside, `/` between parts and none at the end, as the archive has it: nothing says that it stays inside.
        public var name: String
        public var kind: Kind
        /// Bytes when unpacked.
        public var size: Int
        /// Bytes in the archive; `nil` when members are packed together.
        public var packedSize: Int?
        /// "stored", "deflated"; empty when members are packed together.
        public var method: String
        /// Seconds since 1970, UTC; `nil` when the archive does not say.
        public var modified: Int?
        public var isExecutable: Bool
        public var content: Content

        public init(
            _ name: String, _ kind: Kind = .file, size: Int = 0, packedSize: Int? = nil, method: String = "", modified: Int? = nil,
            isExecutable: Bool = false, content: Content = .plain(Bytes([]))
        ) {
            self.name = name
            self.kind = kind
            self.size = size
            self.packedSize = packedSize
            self.method = method
            self.modified = modified
            self.isExecutable = isExecutable
            self.content = content
        }

        /// A file of these bytes.
        public init(_ name: String, _ bytes: Bytes) { self.init(name, size: bytes.count, content: .plain(bytes)) }
    }

    /// Where a file's bytes are.
    public enum Content: Sendable {
        case plain(Bytes)
        /// As ZIP keeps them, with the CRC-32 of what they unpack to.
        case zipped(Bytes, isDeflated: Bool, crc32: UInt32)
        /// From this position on in what the whole archive unpacks to.
        case packedTogether(Bytes, start: Int)
        /// With whoever made the list, who gives them when the archive is written.
        case outside
    }

    /// What it was read from: "ZIP", "tar", "tar.gz"; empty for a new one.
    public var format: String
    /// In the archive's own order.
    public var members: [Member]
    /// Bytes that may be unpacked from it in all; `nil` for the usual limit.
    public var unpackedLimit: Int?

    public init(format: String = "", members: [Member], unpackedLimit: Int? = nil) {
        self.format = format
        self.members = members
        self.unpackedLimit = unpackedLimit
    }

    public subscript(name: String) -> Member? { members.first { $0.name == name } }

    /// The files' bytes when unpacked; at most the largest int.
    public var size: Int {
        members.reduce(0) { sum, member in
            let (total, overflow) = sum.addingReportingOverflow(member.size)
            return overflow ? .max : total
        }
    }
}
