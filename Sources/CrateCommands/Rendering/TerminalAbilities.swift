import CrateFormats
import OpenCrate

/// So that the shell can name it.
public typealias Graphics = TerminalGraphics
/// So that the shell can name them.
public typealias Progress = OpenCrate.Progress
public typealias WorkMeasure = OpenCrate.WorkMeasure

/// What a terminal can show, told by the environment alone: a terminal that is asked may answer late or never, and its answer would stand
/// in the next line that is typed.
public enum TerminalAbilities {
    /// How pictures can be shown; `CRATE_GRAPHICS` (kitty, sixel, blocks or none) has the last word.
    public static func graphics(_ environment: [String: String]) -> TerminalGraphics {
        let terminal = environment["TERM", default: ""]
        let program = environment["TERM_PROGRAM", default: ""]
        if let wish = environment["CRATE_GRAPHICS"], let graphics = named(wish, environment) { return graphics }
        // A multiplexer passes neither protocol on.
        let isMultiplexed = environment["TMUX"] != nil || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux")
        if !isMultiplexed {
            if environment["KITTY_WINDOW_ID"] != nil || terminal == "xterm-kitty" || terminal == "xterm-ghostty" || ["WezTerm", "ghostty"].contains(program) {
                return .kitty
            }
            if terminal.hasPrefix("foot") || terminal.hasPrefix("mlterm") || terminal.contains("sixel") || program == "contour" { return .sixel }
        }
        return speaksUnicode(environment) ? blocks(environment) : .none
    }

    /// What CRATE_GRAPHICS asks for.
    private static func named(_ wish: String, _ environment: [String: String]) -> TerminalGraphics? {
        switch wish {
        case "kitty": .kitty
        case "sixel": .sixel
        case "blocks": blocks(environment)
        case "none": TerminalGraphics.none
        default: nil
        }
    }

    private static func blocks(_ environment: [String: String]) -> TerminalGraphics {
        .blocks(isTrueColour: ["truecolor", "24bit"].contains(environment["COLORTERM", default: ""]))
    }

    private static func speaksUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}
