import CrateLanguage
import CrateValues
import OpenCrate

func showFilesCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "show_files", "Show a folder as a tree.",
        [
            Parameter("folder", .path, .optional, "where to start; the current folder when left out"),
            Parameter("depth", .int, .optional, named: true, "how many levels down; 4 when left out"),
            Parameter("verbose", .bool, .optional, named: true, "with sizes and times"),
            Parameter("extensions", .list, .optional, named: true, "only files that end so, such as [\".png\", \"csv\"]"),
        ],
        examples: [#"show_files ".", depth: 1"#]
    ) { [unowned session] call throws(Failure) in
        let folder = try call.string(0) ?? "."
        let depth = try call.int(1) ?? 4
        let isVerbose = try call.bool(2) ?? false
        let extensions = try call.strings(3) ?? []
        let tree = try throwing { () throws(CrateError) in try session.files.tree(folder, depth: depth, extensions: extensions) }
        return session.tell(nil, .list(session.rows(tree.root.children, below: folder == "." ? "" : folder))) {
            tree.lines(verbose: isVerbose, inColour: session.output.showsColour).joined(separator: "\n") + "\n"
        }
    }
}

extension Session {
    /// Files and folders as the tree has them, with their paths from the current folder.
    fileprivate func rows(_ nodes: [FileTree.Node], below folder: String) -> [Document] {
        nodes.flatMap { node -> [Document] in
            let path = folder.isEmpty || folder.hasSuffix("/") ? folder + node.name : "\(folder)/\(node.name)"
            let row = Document.object([
                ("path", .string(path)), ("type", .string(node.isFolder ? "folder" : "file")), ("size", .integer(node.size)),
                ("modified", .string(timeText(node.modified))),
            ])
            return [row] + rows(node.children, below: path)
        }
    }
}
