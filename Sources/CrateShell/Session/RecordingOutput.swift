import CrateCommands
import CrateLanguage

/// How an output looks, so that a later one can look the same.
struct Look {
    var width: Int
    var height: Int
    var showsColour: Bool
    var graphics: Graphics
    var form: OutputForm
    var folding: Folding?
    var isTerminal: Bool

    init(_ output: any Output) {
        (width, height, showsColour, graphics) = (output.width, output.height, output.showsColour, output.graphics)
        (form, folding, isTerminal) = (output.form, output.folding, output.isTerminal)
    }
}

/// Keeps what a statement shows, for exports and replays, and passes it on.
final class RecordingOutput: Output {
    private(set) var result = CellResult()
    /// Something was left away, because it was too much.
    private(set) var isCut = false
    /// Looks like this instead of like what it passes on to, and passes nothing on.
    var look: Look?
    private let next: any Output
    /// Bytes that are kept of one statement's output.
    private static let most = 1 << 20

    init(passingTo next: any Output) { self.next = next }

    func begin() { (result, isCut) = (CellResult(), false) }

    /// - Parameter text: passed on, and not kept beside the failure.
    func fail(_ failure: Failure, told text: String) {
        result.failure = failure
        if look == nil { next.report(text) }
    }

    var width: Int { look?.width ?? next.width }
    var height: Int { look?.height ?? next.height }
    var reportWidth: Int { look == nil ? next.reportWidth : .max }
    var showsColour: Bool { look?.showsColour ?? next.showsColour }
    var reportsColour: Bool { look == nil && next.reportsColour }
    var graphics: Graphics { look?.graphics ?? next.graphics }
    var form: OutputForm { look?.form ?? next.form }
    var folding: Folding? { look.map(\.folding) ?? next.folding }
    var isTerminal: Bool { look?.isTerminal ?? next.isTerminal }
    /// The prompt must not wait for a page that may never be written.
    var largestAttachment: Int { look == nil ? 1 << 22 : 0 }

    func show(_ text: String) {
        keep(text, beside: result.shown.utf8.count) { result.show($0) }
        if look == nil { next.show(text) }
    }

    func showWhole(_ text: String) {
        keep(text, beside: result.shown.utf8.count) { result.show($0) }
        if look == nil { next.showWhole(text) }
    }

    /// A value below its label, which is no part of what is kept.
    func showValue(_ text: String, labelled: String) {
        keep(text, beside: result.shown.utf8.count) { result.show($0) }
        if look == nil { next.showWhole(labelled) }
    }

    func report(_ text: String) {
        keep(text, beside: result.reported.utf8.count) { result.reported += $0 }
        if look == nil { next.report(text) }
    }

    func attach(_ attachment: Attachment) { result.attach(attachment) }

    private func keep(_ text: String, beside kept: Int, _ add: (String) -> Void) {
        let room = Self.most - kept
        if text.utf8.count <= room { return add(text) }
        if room > 0 { add(String(text.prefix(room / 4))) }
        isCut = true
    }
}
