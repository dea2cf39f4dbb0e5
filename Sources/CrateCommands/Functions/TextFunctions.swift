import CrateLanguage
import CrateValues

/// Functions on text, in the order of help.
func textFunctions() -> [NativeFunction] {
    splittingFunctions() + changingFunctions() + searchingFunctions() + layoutFunctions()
}

private let textParameter = Parameter("text", .string, .required, "the text")

private func splittingFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "join", "Give all items as one text, with a separator between them.",
            [Parameter("items", .items, .required, "a list …"), Parameter("separator", .string, .optional, "between two items; nothing")],
            examples: [#"join(["a", "b", 3], "-")  # a-b-3"#]
        ) { call throws(Failure) in
            let separator = call.text(1)
            if case .list(let list)? = call.arguments[0], let text = try list.joinedStrings(separator: separator) { return .string(text) }
            return .string(try call.items(0).map(\.description).joined(separator: separator))
        },
        NativeFunction(
            "split", "Give the parts of a text between separators; without one, its words.",
            [
                textParameter, Parameter("separator", .string, .optional, "what stands between the parts; white space"),
                Parameter("limit", .int, .optional, named: true, "at most so many cuts"),
            ],
            examples: [#"split("a b  c")  # ["a", "b", "c"]"#, #"split("a,b,,c", ",")  # ["a", "b", "", "c"]"#]
        ) { call throws(Failure) in
            let cuts = max(0, call.whole(2) ?? .max)
            guard case .string(let separator) = call[1] else { return .strings(words(call.text(0), cuts)) }
            guard !separator.isEmpty else { throw Failure("value", "an empty separator", hint: "`[c for c in text]` gives the characters") }
            return .strings(parts(call.text(0), separator, cuts))
        },
        NativeFunction(
            "lines", "Give the lines of a text, without their ends.", [textParameter], examples: [#"lines("a\nb\n")  # ["a", "b"]"#]
        ) { call in .strings(lines(call.text(0))) },
    ]
}

private func changingFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "replace", "Give the text with each occurrence of a part replaced.",
            [
                textParameter, Parameter("part", .string, .required, "what is looked for"),
                Parameter("with", .string, .required, "what takes its place"),
            ],
            examples: [#"replace("a-b-c", "-", "+")  # a+b+c"#]
        ) { call throws(Failure) in
            guard !call.text(1).isEmpty else { throw Failure("value", "an empty part can't be replaced") }
            return .string(parts(call.text(0), call.text(1), .max).joined(separator: call.text(2)))
        },
        NativeFunction(
            "strip", "Give the text without white space, or other characters, at both ends.",
            [textParameter, Parameter("characters", .string, .optional, "what is taken off; white space")],
            examples: [#"strip("  a ") + "|"  # a|"#, #"strip("--a-", "-")  # a"#]
        ) { call in
            guard case .string(let characters) = call[1] else { return .string(call.text(0).trimmingSpace()) }
            let set = Set(characters.unicodeScalars)
            return .string(call.text(0).trimming { set.contains($0) })
        },
        NativeFunction("upper", "Give the text in capital letters.", [textParameter], examples: [#"upper("ab")  # AB"#]) { call in
            .string(call.text(0).uppercased())
        },
        NativeFunction("lower", "Give the text in small letters.", [textParameter], examples: [#"lower("AB")  # ab"#]) { call in
            .string(call.text(0).lowercased())
        },
        NativeFunction(
            "title", "Give the text with a capital at the start of each word.", [textParameter],
            examples: [#"title("a new start")  # A New Start"#]
        ) { call in .string(title(call.text(0))) },
    ]
}

private func searchingFunctions() -> [NativeFunction] {
    let collection = Parameter("value", .items, .required, "a text, or a list, dict … for its items")
    let part = Parameter("part", .any, .required, "a part of the text, or an item")
    return [
        NativeFunction(
            "starts_with", "Tell whether a text begins with another.",
            [textParameter, Parameter("start", .string, .required, "how it should begin")],
            examples: [#"starts_with("v12:tag", "v")  # true"#]
        ) { call in .bool(call.text(0).utf8.starts(with: call.text(1).utf8)) },
        NativeFunction(
            "ends_with", "Tell whether a text ends with another.",
            [textParameter, Parameter("end", .string, .required, "how it should end")],
            examples: [#"ends_with("a.csv", ".csv")  # true"#]
        ) { call in .bool(call.text(0).utf8.reversed().starts(with: call.text(1).utf8.reversed())) },
        NativeFunction(
            "contains", "Tell whether a text holds another, or a list an item.", [collection, part],
            examples: [#"contains("abc", "b")  # true"#, "contains([1, 2], 3)  # false"]
        ) { call throws(Failure) in
            if case .object(let object) = call[0] { return .bool(try object.contains(call[1])) }
            return .bool(try occurrences(call, atMost: 1) > 0)
        },
        NativeFunction(
            "find", "Give the position of the first occurrence, or -1.", [collection, part],
            examples: [#"find("abcb", "b")  # 1"#, "find([5, 6], 7)  # -1"]
        ) { call throws(Failure) in .int(try firstPosition(call) ?? -1) },
        NativeFunction(
            "count", "Give how often a part or an item occurs.", [collection, part],
            examples: [#"count("abcb", "b")  # 2"#, "count([1, 2, 1], 1)  # 2"]
        ) { call throws(Failure) in .int(try occurrences(call)) },
        NativeFunction(
            "match",
            "Tell whether a text has the form of a pattern: `*` stands for any characters, `?` for one, `[a-z]` for one of several.",
            [textParameter, Parameter("pattern", .string, .required, "the pattern")],
            examples: [#"match("run_12.csv", "run_*.csv")  # true"#, #"match("b", "[!a]")  # true"#]
        ) { call in .bool(Glob(call.text(1)).matches(call.text(0))) },
    ]
}

private func layoutFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "format", "Give a number or text in the form that a specification asks for, as Python's `format` does.",
            [
                Parameter("value", .any, .required, "any value"),
                Parameter("specification", .string, .optional, "such as \".3f\", \">8\", \"+.2e\", \",\", \"06.2f\", \".1%\", \"x\""),
            ],
            examples: [#"format(3.14159, ".3f")  # 3.142"#, #"format(1234567, ",")  # 1,234,567"#, #"format(0.256, ".1%")  # 25.6%"#]
        ) { call throws(Failure) in .string(try FormatSpecification(call.text(1)).format(call[0])) },
        NativeFunction(
            "pad", "Give the text filled up to a width.",
            [
                Parameter("value", .any, .required, "any value"), Parameter("width", .int, .required, "in characters"),
                Parameter("align", .oneOf(["left", "right", "center"]), .optional, named: true, "where the text stands; left"),
                Parameter("fill", .string, .optional, named: true, "one character; a space"),
            ],
            examples: [#"pad("ab", 4) + "|"  # ab  |"#, #"pad(7, 3, align: "right", fill: "0")  # 007"#]
        ) { call throws(Failure) in
            let fill = call.text(3).isEmpty ? " " : call.text(3)
            guard fill.unicodeScalars.count == 1 else { throw Failure("value", "`fill:` is one character") }
            let align: FormatSpecification.Alignment = ["right": .right, "center": .center][call.text(2)] ?? .left
            return .string(try padded(call[0].description, call.whole(1) ?? 0, align, fill))
        },
    ]
}

// MARK: bodies

/// Words between white space; after `cuts` cuts the rest stays in one piece.
private func words(_ text: String, _ cuts: Int) -> [String] {
    guard cuts < .max else { return text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) } }
    var rest = Substring(text.trimmingSpace()).unicodeScalars
    var words: [String] = []
    while words.count < cuts, let end = rest.firstIndex(where: { $0.properties.isWhitespace }) {
        words.append(String(rest[..<end]))
        rest = rest[end...].drop { $0.properties.isWhitespace }
    }
    return rest.isEmpty ? words : words + [String(rest)]
}

private func lines(_ text: String) -> [String] {
    var lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }.map { String($0) }
    if lines.last == "" { lines.removeLast() }
    return lines.map { $0.unicodeScalars.last == "\r" ? String($0.unicodeScalars.dropLast()) : $0 }
}

private func title(_ text: String) -> String {
    var result = ""
    var isInWord = false
    for character in text {
        result += isInWord ? character.lowercased() : character.uppercased()
        isInWord = character.isLetter
    }
    return result
}

extension String {
    func trimmingSpace() -> String { trimming { $0.properties.isWhitespace } }

    func trimming(_ isTrimmed: (Unicode.Scalar) -> Bool) -> String {
        let start = unicodeScalars.drop(while: isTrimmed)
        guard let last = start.lastIndex(where: { !isTrimmed($0) }) else { return "" }
        return String(start[...last])
    }
}
