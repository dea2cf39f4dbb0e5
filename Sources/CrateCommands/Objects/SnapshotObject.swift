import CrateLanguage
import OpenCrate

/// `snapshot`: the open version.
final class SnapshotObject: Object {
    private unowned let session: Session

    init(session: Session) { self.session = session }

    override var typeName: String { "snapshot" }
    override var memberNames: [String] { ["dir_path", "exists", "name", "path", "tag", "version", "version_name"] }

    override var description: String {
        session.snapshot.map { "snapshot \($0.name) \($0.versionName) at \($0.directoryPath)" } ?? "no snapshot: run setup first"
    }

    override func member(_ name: String) throws(Failure) -> Value? {
        if name == "exists" { return .bool(session.snapshot?.exists ?? false) }
        guard memberNames.contains(name), name != "path" else { return nil }
        let snapshot = try session.currentSnapshot("snapshot.\(name)")
        switch name {
        case "version": return snapshot.version.map { .int($0) } ?? .string("dev")
        case "version_name": return .string(snapshot.versionName)
        case "name": return .string(snapshot.name)
        case "tag": return snapshot.tag.map { .string($0) } ?? .null
        case "dir_path": return .string(snapshot.directoryPath)
        default: return nil
        }
    }

    override func method(_ name: String) -> NativeFunction? {
        guard name == "path" else { return nil }
        return NativeFunction(
            "path", "Give the path that an artifact of this kind and name has.",
            [Parameter("kind", .kind, "the kind"), Parameter("name", .string, "the artifact's name")]
        ) { [unowned session] call throws(Failure) in
            let snapshot = try session.currentSnapshot("snapshot.path")
            let kind = try call.string(0) ?? ""
            let name = try call.string(1) ?? ""
            return .string(try throwing { () throws(CrateError) in try snapshot.path(kind: kind, name: name) })
        }
    }
}
