import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

/// Functions on files and folders outside a snapshot, in the order of help.
func fileFunctions(files: Files) -> [NativeFunction] {
    textFileFunctions(files) + folderFunctions(files) + placeFunctions(files) + pathFunctions()
}

private let pathParameter = Parameter("path", .path, .required, "a path")
private let missingParameter = Parameter(
    "missing", .oneOf(["error", "ok"]), .optional, named: true, "\"ok\": no error when nothing is there")

private func textFileFunctions(_ files: Files) -> [NativeFunction] {
    [
        NativeFunction(
            "read_text", "Give a file's text: UTF-8, UTF-16 with a byte order mark, or else Latin-1.", [pathParameter],
            examples: [#"write_text("a.txt", "hello"); read_text("a.txt")  # hello"#]
        ) { call throws(Failure) in
            let path = call.text(0)
            return try throwing { () throws(CrateError) in
                let bytes = try files.read(path)
                do throws(FormatError) { return .string(try Text.decode(bytes).text) } catch { throw .format(error, path: path) }
            }
        },
        NativeFunction(
            "write_text", "Write text to a file, in place of what it held.",
            [pathParameter, Parameter("text", .string, .required, "what is written, as UTF-8")],
            examples: [#"write_text("a.txt", "one\ntwo\n"); lines(read_text("a.txt"))  # ["one", "two"]"#]
        ) { call throws(Failure) in
            let text = call.text(1)
            try throwing { () throws(CrateError) in
                try files.write(call.text(0)) { (sink) throws(FormatError) in try Text.encode(text, to: sink) }
            }
            return .null
        },
    ]
}

private func folderFunctions(_ files: Files) -> [NativeFunction] {
    let folder = Parameter("path", .path, .required, "a folder")
    return [
        NativeFunction(
            "list_files", "Give the paths of the files in a folder, sorted.",
            [
                folder, Parameter("extension", .string, .optional, named: true, "only files that end so, with or without the dot"),
                Parameter("recursive", .bool, .optional, named: true, "also those in folders inside"),
            ],
            examples: [#"make_dir("d"); write_text("d/a.txt", ""); list_files("d", extension: "txt")  # ["d/a.txt"]"#]
        ) { call throws(Failure) in
            let wanted = call.text(1).hasPrefix(".") || call.text(1).isEmpty ? call.text(1) : "." + call.text(1)
            let found = try throwing { () throws(CrateError) in try files.list(call.text(0), recursive: call.flag(2)) }
            return .strings(found.filter { !$0.isDirectory && $0.path.lowercased().hasSuffix(wanted.lowercased()) }.map(\.path))
        },
        NativeFunction(
            "list_dir", "Give the names of the files and folders in a folder, sorted.", [folder],
            examples: [#"make_dir("d/e"); list_dir("d")  # ["e"]"#]
        ) { call throws(Failure) in
            .strings(try throwing { () throws(CrateError) in try files.list(call.text(0)) }.map { FilePath.name($0.path) })
        },
        NativeFunction(
            "make_dir", "Make a folder and those above it; fine when it is there already.", [folder],
            examples: [#"make_dir("d/e"); exists("d/e")  # true"#]
        ) { call throws(Failure) in
            try throwing { () throws(CrateError) in try files.makeDirectory(call.text(0)) }
            return .null
        },
        NativeFunction(
            "remove_dir", "Remove a folder with all it holds.", [folder, missingParameter],
            examples: [#"make_dir("d"); remove_dir("d"); remove_dir("d", missing: "ok"); exists("d")  # false"#]
        ) { call throws(Failure) in try remove(files, call, isFolder: true) },
    ]
}

private func placeFunctions(_ files: Files) -> [NativeFunction] {
    let from = Parameter("from", .path, .required, "a file or folder")
    let to = Parameter("to", .path, .required, "where it goes, with its name")
    return [
        NativeFunction(
            "copy", "Copy a file, replacing one, or a folder to a free place.", [from, to],
            examples: [#"write_text("a.txt", "x"); copy("a.txt", "b.txt"); read_text("b.txt")  # x"#]
        ) { call throws(Failure) in
            try throwing { () throws(CrateError) in try files.copy(call.text(0), to: call.text(1)) }
            return .null
        },
        NativeFunction(
            "move", "Move or rename a file, replacing one, or a folder to a free place.", [from, to],
            examples: [#"write_text("a.txt", "x"); move("a.txt", "c.txt"); exists("a.txt")  # false"#]
        ) { call throws(Failure) in
            try throwing { () throws(CrateError) in try files.move(call.text(0), to: call.text(1)) }
            return .null
        },
        NativeFunction(
            "remove", "Remove a file.", [pathParameter, missingParameter],
            examples: [#"write_text("a.txt", "x"); remove("a.txt"); exists("a.txt")  # false"#]
        ) { call throws(Failure) in try remove(files, call, isFolder: false) },
        NativeFunction(
            "exists", "Tell whether a file or folder is there.", [pathParameter], examples: [#"exists("no such file")  # false"#]
        ) {
            call throws(Failure) in
            .bool(try throwing { () throws(CrateError) in try files.info(call.text(0)) } != nil)
        },
        NativeFunction(
            "size", "Give the size of a file, or of all files in a folder, in bytes.", [pathParameter],
            examples: [#"write_text("a.txt", "abc"); size("a.txt")  # 3"#]
        ) { call throws(Failure) in .int(try throwing { () throws(CrateError) in try size(files, call.text(0)) }) },
    ]
}

private func pathFunctions() -> [NativeFunction] {
    [
        NativeFunction("file_name", "Give the last part of a path.", [pathParameter], examples: [#"file_name("runs/a.b.csv")  # a.b.csv"#])
        { call in
            .string(FilePath.name(call.text(0)))
        },
        NativeFunction("stem", "Give the file name without its extension.", [pathParameter], examples: [#"stem("runs/a.b.csv")  # a.b"#]) {
            call in
            .string(FilePath.stem(call.text(0)))
        },
        NativeFunction(
            "extension", "Give what stands behind the last dot of the file name.", [pathParameter],
            examples: [#"extension("runs/a.b.csv")  # csv"#]
        ) {
            call in .string(FilePath.fileExtension(call.text(0)))
        },
        NativeFunction("parent", "Give the folder that a path lies in.", [pathParameter], examples: [#"parent("runs/a.csv")  # runs"#]) {
            call in
            .string(FilePath.parent(call.text(0)))
        },
        NativeFunction(
            "join_path", "Give parts of a path as one; an absolute part begins anew.",
            [Parameter("parts", .string, .variadic, "parts of a path")],
            examples: [#"join_path("runs", "v1/", "a.csv")  # runs/v1/a.csv"#]
        ) { call in
            .string(call.rest.reduce("") { path, part in if case .string(let text) = part { FilePath.join(path, text) } else { path } })
        },
    ]
}

// MARK: bodies

private func remove(_ files: Files, _ call: Call, isFolder: Bool) throws(Failure) -> Value {
    let path = call.text(0)
    // A variable that is empty by mistake must not cost the whole working folder.
    guard !["", "/", ".", ".."].contains(path) else {
        throw Failure("unsafe", "\"\(path)\" is not removed", hint: "name the folder itself")
    }
    guard let info = try throwing({ () throws(CrateError) in try files.info(path) }) else {
        if call.text(1) == "ok" { return .null }
        throw Failure(.notFound(what: isFolder ? "folder" : "file", path: path, hint: nil))
    }
    guard info.isDirectory == isFolder else {
        throw Failure(
            "invalid", "`\(path)` is a \(isFolder ? "file" : "folder")",
            hint: isFolder ? "`remove` removes files" : "`remove_dir` removes folders")
    }
    try throwing { () throws(CrateError) in try files.remove(path) }
    return .null
}

private func size(_ files: Files, _ path: String) throws(CrateError) -> Int {
    guard let info = try files.info(path) else { throw .notFound(what: "file", path: path, hint: nil) }
    guard info.isDirectory else { return info.size }
    return try files.list(path, recursive: true).reduce(0) { $0 + ($1.isDirectory ? 0 : $1.size) }
}

/// Paths as text, by the rules of POSIX.
enum FilePath {
    static func name(_ path: String) -> String {
        path.pathParts().last.map { String($0) } ?? ""
    }

    static func stem(_ path: String) -> String {
        let name = name(path)
        return dot(in: name).map { String(name[..<$0]) } ?? name
    }

    static func fileExtension(_ path: String) -> String {
        let name = name(path)
        return dot(in: name).map { String(name[name.index(after: $0)...]) } ?? ""
    }

    /// The last dot; a leading one belongs to the name.
    private static func dot(in name: String) -> String.Index? {
        name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 }
    }

    static func parent(_ path: String) -> String {
        let trimmed = path.withoutFinalSlashes
        guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path.isAbsolutePath ? "/" : "." }
        let parent = String(trimmed[..<slash]).withoutFinalSlashes
        return parent.isEmpty ? "/" : parent
    }

    static func join(_ path: String, _ part: String) -> String {
        if path.isEmpty || part.isAbsolutePath { return part }
        return part.isEmpty ? path : path.utf8.last == UInt8(ascii: "/") ? path + part : path + "/" + part
    }
}

extension String {
    fileprivate var withoutFinalSlashes: String {
        String(Substring(utf8[..<(utf8.lastIndex { $0 != UInt8(ascii: "/") }.map(utf8.index(after:)) ?? startIndex)]))
    }
}
