import CrateCommands
import CrateLanguage

/// The line that tells how far long work is:
///
///     save model.pth  ━━━━━━━━━━━━━─────── 62%  1.8 of 2.9 GB  1.1 GB/s  1 s left
struct ProgressText {
    let title: String
    let measure: WorkMeasure
    let done: Int
    let total: Int?
    /// Since the beginning.
    let seconds: Double
    var showsColour = false
    var isUnicode = true

    private static let barWidth = 20

    /// At most `columns` wide.
    func text(columns: Int) -> String {
        var parts = [amount, rate, timeLeft].compactMap { $0 }
        // What is least missed goes first.
        while !parts.isEmpty, title.count + (bar == nil ? 0 : Self.barWidth + 7) + parts.reduce(0, { $0 + displayWidth($1) + 2 }) > columns { parts.removeLast() }
        let room = max(columns - (bar == nil ? 0 : Self.barWidth + 7) - parts.reduce(0) { $0 + displayWidth($1) + 2 }, 8)
        let name = displayWidth(title) <= room ? title : title.prefix(room - 1) + (isUnicode ? "…" : "~")
        return ([name] + (bar.map { [$0] } ?? []) + parts).joined(separator: "  ")
    }

    /// From 0 to 1; `nil` where there is no telling.
    private var fraction: Double? {
        // A file is a little more than its arrays.
        guard let total, total > 0, done > 0, done <= total + total / 100 + 65_536 else { return nil }
        return min(Double(done) / Double(total), 1)
    }

    private var bar: String? {
        guard let fraction else { return nil }
        let full = Int(fraction * Double(Self.barWidth))
        let (mark, rest) = isUnicode ? ("━", "─") : ("#", "-")
        let filled = String(repeating: mark, count: full)
        let percent = "\(Int(fraction * 100))%"
        let track = (showsColour ? "\u{1B}[32m\(filled)\u{1B}[90m" : filled) + String(repeating: rest, count: Self.barWidth - full) + (showsColour ? "\u{1B}[0m" : "")
        return track + String(repeating: " ", count: 5 - percent.count) + percent
    }

    /// What is counted, where it is not bytes.
    private var noun: String? {
        switch measure {
        case .frames: "frames"
        case .statements: "statements"
        case .steps: "steps"
        case .written, .read, .hashed, .packed: nil
        }
    }

    private var amount: String? {
        guard done > 0 else { return clock(seconds) }
        if let noun { return total.map { "\(done) of \($0) \(noun)" } ?? "\(done) \(noun)" }
        guard let total, fraction != nil else { return Self.size(done) }
        return "\(Self.size(min(done, total))) of \(Self.size(total))"
    }

    /// What has hardly begun says nothing of the rest.
    private var isTelling: Bool { done > 0 && (fraction.map { $0 >= 0.005 } ?? true) }

    private var rate: String? {
        guard isTelling, seconds > 0, measure != .statements, measure != .steps else { return nil }
        let perSecond = Double(done) / seconds
        return noun.map { "\(Int(perSecond.rounded())) \($0)/s" } ?? "\(Self.size(Int(perSecond)))/s"
    }

    private var timeLeft: String? {
        guard let fraction, isTelling else { return done > 0 ? clock(seconds) : nil }
        if fraction == 1 { return measure == .written ? "waiting for the disk" : clock(seconds) }
        return "\(clock((seconds / fraction - seconds).rounded(.up))) left"
    }

    private func clock(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9))
        return whole < 60 ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// With one decimal, in the units of `usage`.
    static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < 4 { (value, unit) = (value / 1024, unit + 1) }
        let text = unit == 0 || value >= 100 ? "\(Int(value))" : "\((value * 10).rounded(.down) / 10)"
        return text + [" Bytes", " KB", " MB", " GB", " TB"][unit]
    }
}
