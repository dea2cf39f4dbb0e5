import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

/// An archive in the language: its members by name, each unpacked when it is asked for.
final class ArchiveObject: Object {
    let archive: Archive
    /// What it is called in errors.
    let source: String
    private let reader: ArchiveReader

    init(_ archive: Archive, source: String) {
        self.archive = archive
        self.source = source
        reader = ArchiveReader(archive)
    }

    override var typeName: String { "archive" }
    override var description: String {
        "archive(\(archive.format.isEmpty ? "" : archive.format + ", ")\(archive.members.count) member\(archive.members.count == 1 ? "" : "s"), \(archive.size) bytes)"
    }

    override var count: Int? { archive.members.count }
    override var memberNames: [String] { ["names", "sizes", "format", "size", "text", "read"] }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "names": .strings(archive.members.map(\.name))
        case "sizes": sizes
        case "format": .string(archive.format)
        case "size": .int(archive.size)
        default: nil
        }
    }

    private var sizes: Value {
        let sizes = DictObject()
        for member in archive.members where member.kind != .folder { sizes[.string(member.name)] = .int(member.size) }
        return .dict(sizes)
    }

    /// A name, as of a dict.
    override func item(at position: Int) throws(Failure) -> Value {
        guard archive.members.indices.contains(position) else {
            throw Failure("index", "an archive of \(archive.members.count) members has no member \(position)")
        }
        return .string(archive.members[position].name)
    }

    override func contains(_ item: Value) throws(Failure) -> Bool {
        if case .string(let name) = item { reader.member(named: name) != nil } else { false }
    }

    /// `a["x.txt"]`: the member's bytes.
    override func element(_ indices: [Index]) throws(Failure) -> Value {
        guard indices.count == 1, case .at(.string(let name)) = indices[0] else {
            throw Failure("type", "an archive's members go by name", hint: "such as archive[\"a.txt\"]; .names lists them")
        }
        return .object(BytesObject(try bytes(name)))
    }

    private func bytes(_ name: String) throws(Failure) -> Bytes {
        guard let member = reader.member(named: name) else {
            throw Failure("key", "the archive has no member \"\(name)\"", hint: ".names lists its \(archive.members.count) members")
        }
        do throws(FormatError) { return try reader.contents(of: member) } catch { throw Failure(error, path: source) }
    }

    override func method(_ name: String) -> NativeFunction? {
        let member = Parameter("name", .string, "the member's name")
        switch name {
        case "text":
            return NativeFunction("text", "Give a member as text: UTF-8, UTF-16 with a byte order mark, or else Latin-1.", [member]) {
                [self] call throws(Failure) in
                let bytes = try bytes(try call.string(0) ?? "")
                do throws(FormatError) { return .string(try Text.decode(bytes).text) } catch { throw Failure(error, path: source) }
            }
        case "read":
            let kind = Parameter("kind", .string, .optional, named: true, "the kind; by the name's extension when left out")
            return NativeFunction("read", "Read a member as a file of its kind.", [member, kind], takesFurtherOptions: true) {
                [self] call throws(Failure) in
                let (name, kind, options) = (try call.string(0) ?? "", try call.string(1), try call.kindOptions())
                let bytes = try bytes(name)
                let content = try throwing { () throws(CrateError) in try HandlerRegistry.standard.read(bytes, as: name, kind: kind, options: options) }
                return value(from: content, path: name)
            }
        default: return nil
        }
    }
}
