import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

/// Functions on archives outside a snapshot, in the order of help.
func archiveFunctions(_ session: Session) -> [NativeFunction] { [makeArchiveFunction(session), extractFunction(session)] }

private func makeArchiveFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "make_archive", "Pack a folder or a list of files into a zip, tar or tar.gz file. The same files give the same bytes.",
        [
            Parameter("path", .path, "the archive; its extension says the form"),
            Parameter("folder", .path, .optional, named: true, "the folder whose files go in, by paths relative to it"),
            Parameter("files", .list, .optional, named: true, "files and folders that go in, under the paths given"),
        ],
        takesFurtherOptions: true,
        examples: [#"make_dir("d"); write_text("d/a.txt", "x"); make_archive("d.zip", folder: "d"); read("d.zip").names  # ["a.txt"]"#]
    ) { [unowned session] call throws(Failure) in
        let path = try call.string(0) ?? ""
        let (folder, files, options) = (try call.string(1), try call.strings(2), try call.kindOptions())
        let crate = try session.crate()
        switch (folder, files) {
        case (let folder?, nil): try throwing { () throws(CrateError) in try crate.makeArchive(path, folder: folder, options: options) }
        case (nil, let files?): try throwing { () throws(CrateError) in try crate.makeArchive(path, files: files, options: options) }
        default: throw Failure("argument", "`make_archive` needs one of `folder:` and `files:`", hint: "a dict of files is written by `write`")
        }
        return .null
    }
}

private func extractFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "extract", "Unpack an archive into a new folder: all of it or nothing, and nothing that would land elsewhere.",
        [
            Parameter("archive", .any, "a path, an artifact, or what `load` or `read` gave"), Parameter("folder", .path, "the folder that is made"),
            Parameter("replace", .bool, .optional, named: true, "take the place of a folder that is there, with all it holds"),
        ],
        takesFurtherOptions: true,
        examples: [#"write({"a.txt": "x"}, "a.zip"); extract("a.zip", "b"); read_text("b/a.txt")  # x"#]
    ) { [unowned session] call throws(Failure) in
        let options = try call.kindOptions()
        let (archive, source) = try openArchive(call, options, session)
        let (folder, replace) = (try call.string(1) ?? "", try call.bool(2) ?? false)
        let crate = try session.crate()
        try throwing { () throws(CrateError) in try crate.extract(archive, from: source, to: folder, replace: replace, options: options) }
        return .null
    }
}

private func openArchive(_ call: Call, _ options: [String: Document], _ session: Session) throws(Failure) -> (Archive, String) {
    let crate = try session.crate()
    let found: (content: Content, source: String)?
    switch call.arguments[0] {
    case .string(let path)?: found = (try throwing { () throws(CrateError) in try crate.read(path, kind: "archive", options: options) }, path)
    case .object(let object as ArtifactObject)?:
        found = (try throwing { () throws(CrateError) in try crate.read(object.artifact.path, kind: "archive", options: options) }, object.artifact.path)
    case .object(let object as ArchiveObject)?: found = (.archive(object.archive), object.source)
    default: found = nil
    }
    if case (.archive(let archive), let source)? = found { return (archive, source) }
    throw Failure("type", "`extract` takes a path, an artifact or an archive, not a value of type \(typeName(of: call.arguments[0] ?? .null))")
}
