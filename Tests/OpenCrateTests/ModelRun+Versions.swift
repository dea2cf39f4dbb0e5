import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

/// Steps that concern whole versions.
extension ModelRun {
    func setup(_ hand: ModelHand) throws {
        let name = draw(Self.names)
        let start = draw([Start.new, .last, .dev, .number(0), .number(1), .number(Int.random(in: 0..<6, using: &dice))])
        let tag = draw([nil, nil, "t"])
        let replace = roll(3)
        var opened: Version?
        try both("setup \(name) \(start.text) \(tag ?? "-") \(replace)") {
            hand.snapshot = try hand.crate.setup(name, start: start, tag: tag, replace: replace)
            opened = hand.snapshot?.versionID
            return hand.snapshot?.versionName ?? ""
        } _: { () throws(StoreModel.Refusal) in
            try model.setup(name, start, tag, replace: replace).name
        }
        if let opened { try checkFiles(name, opened) }
    }

    func changeMore(_ hand: ModelHand) throws {
        guard let snapshot = hand.snapshot else { return }
        switch Int.random(in: 0..<10, using: &dice) {
        case 0: try reset(hand, snapshot.name)
        case 1: try undoReset(hand)
        case 2: try collect(hand, snapshot)
        case 3: try verify(snapshot)
        case 4: try reopen(hand)
        case 5: try changeOutside(hand, snapshot)
        case 6 where program != nil: try runProgram(snapshot)
        default: try hand.staged == nil ? begin(hand, snapshot) : end(hand, snapshot)
        }
        try checkFiles(snapshot.name, snapshot.versionID)
    }

    func isAtWork(_ name: String) -> Bool { hands.contains { $0.staged != nil && $0.snapshot?.name == name } }

    func reset(_ hand: ModelHand, _ name: String) throws {
        if isAtWork(name) || !roll(3) { return }
        try both("reset \(name)") {
            try hand.crate.reset(name, confirm: true)
            hand.snapshot = nil
            return true
        } _: { () throws(StoreModel.Refusal) in
            model.reset(name)
            return true
        }
    }

    func undoReset(_ hand: ModelHand) throws {
        let name = draw(Self.names)
        if isAtWork(name) { return }
        try both("undo reset of \(name)") { try hand.crate.undoReset(name); return true } _: { () throws(StoreModel.Refusal) in
            try model.undoReset(name)
            return true
        }
    }

    func collect(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        if isAtWork(snapshot.name) || !roll(4) { return }
        var rules = Retention()
        rules.last = draw([nil, 0, 1, 2])
        let current = hand.crate.current.flatMap { $0.name == snapshot.name ? $0.versionID : nil }
        try both("gc \(snapshot.name) \(String(describing: rules.last))") {
            _ = try hand.crate.collect(snapshot.name, rules, confirm: true)
            return true
        } _: { () throws(StoreModel.Refusal) in
            try model.collect(snapshot.name, keepLast: rules.last, current: current)
            return true
        }
    }

    func verify(_ snapshot: Snapshot) throws {
        if model.series[snapshot.name]?.versions[snapshot.versionID] == nil { return }
        let count = model[snapshot.name, snapshot.versionID].files.count
        try both("verify \(snapshot.directoryPath)") {
            let result = try open().verify(VerificationScope(name: snapshot.name, version: snapshot.versionID))
            if !result.findings.isEmpty { throw Difference("verify found \(result.findings)") }
            return result.checked
        } _: { count }
    }

    /// As a process that is stopped, with what it has staged left lying.
    func reopen(_ hand: ModelHand) throws {
        told.append("\(steps): reopen\(hand.staged == nil ? "" : ", with a transaction under way")")
        (hand.snapshot, hand.staged, hand.held) = (nil, nil, [])
        hand.crate = try open()
    }

    /// Another program writes or removes a file; `verify`, `load` and `undo` see it, until it is taken as it is.
    func changeOutside(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        let (name, version) = (snapshot.name, snapshot.versionID)
        guard hand.staged == nil, let file = model[name, version].files.keys.filter({ $0.hasPrefix("texts/") }).sorted().randomElement(using: &dice) else { return }
        let path = "\(snapshot.directoryPath)/\(file)"
        let text = roll(3) ? nil : (model[name, version].files[file]?.text ?? "") + "changed"
        told.append("\(steps): \(text == nil ? "remove" : "change") \(path) outside")
        if let text { try folder.write(text, to: path) } else { try FileManager.default.removeItem(atPath: folder.path(path)) }
        let findings = try open().verify(VerificationScope(name: name, version: version)).findings
        guard findings.map(\.path) == [path], findings[0].problem == (text == nil ? .missing : .changed) else { throw Difference("verify found \(findings)") }
        if model.undoable(version, of: name).contains(file), !isHeld(by: nil, snapshot, model.undoable(version, of: name)) {
            do { throw Difference("undo wrote over a change: \(try snapshot.undo())") } catch let error as CrateError {
                if error.name != "changed", error.name != "invalid" { throw Difference("undo: \(error)") }
            }
        }
        _ = try hand.crate.adopt(VerificationScope(name: name, version: version))
        model[name, version].files[file] = text.map { StoreModel.File(text: $0, stamp: model.stamp()) }
    }
}
