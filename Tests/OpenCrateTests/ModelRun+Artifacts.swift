import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

/// Steps that concern artifacts, transactions, and those that the program takes.
extension ModelRun {
    func artifact(_ snapshot: Snapshot, _ file: String) throws -> Artifact {
        try snapshot.artifact(kind: file.hasPrefix("texts/") ? "text" : "directory", name: Path.name(file))
    }

    func content(_ text: String, _ file: String) -> Content {
        file.hasPrefix("texts/") ? .text(text) : .folder(["a.txt", "b/c.txt"].map { .init(path: $0, bytes: Bytes(text.utf8)) })
    }

    /// What `hand` sees.
    func view(_ hand: ModelHand, _ snapshot: Snapshot) -> [String: StoreModel.File] {
        var files = model[snapshot.name, snapshot.versionID].files
        for step in hand.staged ?? [] { files[step.file] = step.after }
        return files
    }

    func key(_ snapshot: Snapshot, _ file: String) -> String { "\(snapshot.directoryPath)/\(file)" }

    /// The artifact that a backup's file belongs to.
    func owner(_ file: String) -> String {
        file.replacing(/\.backup_.*?(\.txt)?$/) { $0.output.1 ?? "" }
    }

    func isHeld(by own: ModelHand?, _ snapshot: Snapshot, _ files: [String]) -> Bool {
        let keys = files.map { key(snapshot, owner($0)) }
        return hands.contains { hand in hand !== own && keys.contains { hand.held.contains($0) } }
    }

    func requireFree(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws(StoreModel.Refusal) {
        if isHeld(by: hand, snapshot, [file]) { throw StoreModel.Refusal("busy") }
        if hand.staged != nil { hand.held.insert(key(snapshot, file)) }
    }

    func put(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String, _ after: StoreModel.File?) {
        guard hand.staged != nil else { return model.apply([(file, after)], to: snapshot.versionID, of: snapshot.name) }
        hand.staged?.removeAll { $0.file == file }
        hand.staged?.append((file, after))
    }

    func change(_ hand: ModelHand) throws {
        guard let snapshot = hand.snapshot else { return }
        let file = draw(Self.artifacts)
        switch Int.random(in: 0..<9, using: &dice) {
        case 0...2: try save(hand, snapshot, file)
        case 3: try backup(hand, snapshot, file)
        case 4: try restore(hand, snapshot, file)
        case 5: try delete(hand, snapshot, file)
        case 6: try load(hand, snapshot, file)
        default: try undo(hand, snapshot)
        }
        try checkFiles(snapshot.name, snapshot.versionID)
    }

    func save(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        let text = newText()
        try both("save \(key(snapshot, file))") {
            try artifact(snapshot, file).save(content(text, file))
            return true
        } _: { () throws(StoreModel.Refusal) in
            // The version's folder is there from now on, should another user have taken it away.
            model[snapshot.name, snapshot.versionID] = model[snapshot.name, snapshot.versionID]
            try requireFree(hand, snapshot, file)
            put(hand, snapshot, file, .init(text: text))
            return true
        }
    }

    func delete(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        try both("delete \(key(snapshot, file))") {
            try artifact(snapshot, file).delete(confirm: true)
            return true
        } _: { () throws(StoreModel.Refusal) in
            if view(hand, snapshot)[file] == nil { throw StoreModel.Refusal("notFound") }
            try requireFree(hand, snapshot, file)
            put(hand, snapshot, file, nil)
            return true
        }
    }

    func load(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        try both("load \(key(snapshot, file))") { () -> String? in
            let content = try artifact(snapshot, file).load(verify: true)
            return content.string ?? content.entries.map { String(decoding: $0[0].bytes.array, as: UTF8.self) }
        } _: { () throws(StoreModel.Refusal) in
            guard let found = view(hand, snapshot)[file] else { throw StoreModel.Refusal("notFound") }
            return found.text
        }
    }

    func backupName(_ file: String, _ tag: String) -> String {
        Path.join(Path.parent(file), Backup.name(of: ArtifactName(Path.name(file)), label: tag))
    }

    func backup(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        let (tag, replace) = (draw(["x", "y", nil]), roll(2))
        var made: String?
        try both("backup \(key(snapshot, file)) \(tag ?? "-") \(replace)") {
            made = try artifact(snapshot, file).backup(tag: tag, replace: replace).name
            return true
        } _: { () throws(StoreModel.Refusal) in
            let files = view(hand, snapshot)
            if files[file] == nil { throw StoreModel.Refusal("notFound") }
            try requireFree(hand, snapshot, file)
            if let tag, files[backupName(file, tag)] != nil, !replace { throw StoreModel.Refusal("alreadyExists") }
            return true
        }
        guard let made, let text = view(hand, snapshot)[file]?.text else { return }
        put(hand, snapshot, Path.join(Path.parent(file), made), .init(text: text, stamp: model.stamp()))
    }

    func restore(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        let tag = draw(["x", "y", nil, nil])
        try both("restore \(key(snapshot, file)) \(tag ?? "-")") {
            try artifact(snapshot, file).restore(tag: tag)
            return true
        } _: { () throws(StoreModel.Refusal) in
            let backups = view(hand, snapshot).filter { $0.key != file && owner($0.key) == file }
            let newest = backups.max { $0.value.stamp < $1.value.stamp }?.value
            guard let source = tag.map({ backups[backupName(file, $0)] }) ?? newest else { throw StoreModel.Refusal("notFound") }
            try requireFree(hand, snapshot, file)
            put(hand, snapshot, file, .init(text: source.text))
            return true
        }
    }

    func undo(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        try both("undo in \(snapshot.directoryPath)") {
            _ = try snapshot.undo()
            return true
        } _: { () throws(StoreModel.Refusal) in
            if hand.staged != nil { throw StoreModel.Refusal("invalid") }
            if isHeld(by: hand, snapshot, model.undoable(snapshot.versionID, of: snapshot.name)) { throw StoreModel.Refusal("busy") }
            try model.undo(snapshot.versionID, of: snapshot.name)
            return true
        }
    }

    // MARK: transactions

    func begin(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        told.append("\(steps): begin in \(snapshot.directoryPath)")
        try snapshot.beginTransaction()
        hand.staged = []
    }

    func end(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        let isCommitted = !roll(4)
        told.append("\(steps): \(isCommitted ? "commit" : "abandon") in \(snapshot.directoryPath)")
        if isCommitted {
            try snapshot.commitTransaction()
            model.apply(hand.staged ?? [], to: snapshot.versionID, of: snapshot.name)
        } else {
            snapshot.abandonTransaction()
        }
        (hand.staged, hand.held) = (nil, [])
    }

    // MARK: the program

    /// Some operations by a process of its own, which must all be done.
    func runProgram(_ snapshot: Snapshot) throws {
        let (name, version) = (snapshot.name, snapshot.versionID)
        guard let program, !isAtWork(name), let own = model.series[name], own.versions[version] != nil,
            version.number.map({ $0 == 0 || $0 <= own.newest ?? -1 }) ?? true
        else { return }
        var lines = ["setup \"\(name)\", start: \(version.number.map { "\($0)" } ?? "\"dev\""), tag: \(version.tag.map { "\"\($0)\"" } ?? "null"), durability: \"fast\""]
        _ = try? model.setup(name, version.number.map { .number($0) } ?? .dev, version.tag, replace: false)
        let (first, second) = (newText(), newText())
        lines.append("save text(\"a.txt\"), \"\(first)\"\nprint load(text(\"a.txt\"), verify: true)")
        model.apply([("texts/a.txt", .init(text: first))], to: version, of: name)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0:
            lines.append("undo")
            try model.undo(version, of: name)
        case 1:
            lines.append("backup text(\"a.txt\"), tag: \"x\", replace: true\ndelete text(\"a.txt\"), confirm: true")
            model.apply([("texts/a.backup_x.txt", .init(text: first, stamp: model.stamp()))], to: version, of: name)
            model.apply([("texts/a.txt", nil)], to: version, of: name)
        case 2:
            lines.append("transaction { save text(\"a.txt\"), \"\(second)\"\nsave text(\"b.txt\"), \"\(second)\" }\nverify")
            model.apply([("texts/a.txt", .init(text: second)), ("texts/b.txt", .init(text: second))], to: version, of: name)
        default: lines.append("try { transaction { save text(\"b.txt\"), \"no\"; raise \"no\" } } catch { }")
        }
        told.append("\(steps): the program runs\n" + lines.joined(separator: "\n"))
        byProgram += 1
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: program)
        process.arguments = ["-c", lines.joined(separator: "\n")]
        process.currentDirectoryURL = URL(filePath: folder.path)
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let shown = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, shown.hasPrefix(first) else { throw Difference("the program ended with \(process.terminationStatus): \(shown)") }
    }
}
