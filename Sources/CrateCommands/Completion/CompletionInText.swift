import CrateLanguage
import CrateValues
import OpenCrate

// What may stand between quotes.

extension Session {
    /// - Parameters:
    ///   - inside: what is typed behind the opening quote.
    ///   - before: what stands before it.
    func completion(inText inside: String, quote: String, before: String, _ context: CallPlace?) -> Completion {
        if before.last == "[", let last = before.dropLast().last, Session.continuesWord(last) || "])".contains(last) {
            return Completion(word: inside, keyItems(before.dropLast(), quote: quote) ?? [])
        }
        let names = context.map { self.names(for: $0, quote: quote) } ?? []
        if !names.isEmpty || context?.namesFile == false { return Completion(word: inside, names) }
        let (folder, word) = Session.lastPart(of: inside)
        return Completion(word: word, fileItems(in: folder, word, quote))
    }

    private func names(for context: CallPlace, quote: String) -> [Completion.Item] {
        if let parameter = context.parameter {
            let values = self.values(of: parameter, isQuoted: false)
            if !values.isEmpty { return values.map { Completion.Item($0.text, suffix: quote, $0.summary) } }
        }
        let end = { (names: [(String, String)]) in names.map { Completion.Item($0.0, suffix: quote, $0.1) } }
        switch (context.function?.name, context.label, context.call.position) {
        case ("restore", "tag", _): return end(backupTags(of: context))
        case ("setup", "tag", _), ("list_tags", nil, 0), ("undo", nil, 0), ("setup", nil, 0): return end(versionNames(context))
        case ("help", nil, 0): return end(names.sorted().map { ($0, (verb(named: $0) ?? function(named: $0))?.summary ?? "") })
        case (let name?, nil, 0) where kinds.contains { $0.name == name }: return end(artifactNames(ofKind: name))
        default: return []
        }
    }

    /// The words that an option is chosen from, or the kinds, the types of elements, or true and false.
    func values(of parameter: Parameter, isQuoted: Bool) -> [Completion.Item] {
        let quote = isQuoted ? "\"" : ""
        if case .bool = parameter.type { return isQuoted ? [Completion.Item("true", ""), Completion.Item("false", "")] : [] }
        if case .kind = parameter.type { return kinds.map { Completion.Item(quote + $0.name + quote, $0.summary) } }
        if parameter.name == "dtype" { return DType.allCases.map { Completion.Item(quote + $0.rawValue + quote, "\($0.size * 8) bits") } }
        return parameter.type.words.map { Completion.Item(quote + $0 + quote, "") }
    }

    private func artifactNames(ofKind kind: String) -> [(String, String)] {
        guard let artifacts = try? snapshot?.artifacts(includingBackups: true) else { return [] }
        return artifacts.filter { $0.kind == kind }.map { ($0.name, $0.name.contains(".backup_") ? "backup" : "artifact") }
    }

    private func backupTags(of context: CallPlace) -> [(String, String)] {
        guard let subject = context.call.subject, case .object(let object)? = interpreter.global(named: subject),
            let artifact = (object as? ArtifactObject)?.artifact, let backups = try? artifact.listBackups()
        else { return [] }
        return backups.compactMap { backup in backup.tag.map { ($0, backup.name) } }
    }

    private func versionNames(_ context: CallPlace) -> [(String, String)] {
        guard let crate = try? crate() else { return [] }
        if context.label == nil { return ((try? crate.names()) ?? []).map { ($0, "snapshot") } }
        // The tags of the snapshot that the call names.
        guard let name = context.firstText ?? snapshot?.name, let tags = try? crate.tags(of: name) else { return [] }
        return tags.map { ($0, "tag of \(name)") }
    }

    /// What stands behind the last slash of a path that is being typed, and the folder that stands before it.
    private static func lastPart(of text: String) -> (folder: String, word: String) {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", text) }
        return (slash == text.startIndex ? "/" : String(text[..<slash]), String(text[text.utf8.index(after: slash)...]))
    }

    private func fileItems(in folder: String, _ word: String, _ quote: String) -> [Completion.Item] {
        let entries = (try? files.list(folder)) ?? []
        return entries.compactMap { entry in
            guard let name = entry.path.pathParts().last.map(String.init), word.hasPrefix(".") || !name.hasPrefix(".") else { return nil }
            return entry.isDirectory ? Completion.Item(name + "/", "folder") : Completion.Item(name, suffix: quote, kind(ofFile: name) ?? "file")
        }
    }
}
