import CrateLanguage

/// What the call that a text ends inside of takes from there on, in one line.
public struct SignatureNote: Sendable, Equatable {
    public let text: String
    /// The part that is typed now.
    public let current: Range<String.Index>?
}

extension Session {
    /// `artifact, [value] · from: folder: files:`, or what the option means whose value is typed. `nil` where no known call is open.
    public func signatureNote(for text: String) -> SignatureNote? {
        guard let place = CallPlace(of: Source(name: "", text: text), session: self), !place.parameters.isEmpty else { return nil }
        if place.label != nil, let parameter = place.parameter { return SignatureNote(text: "\(parameter.name): \(parameter.note)", current: nil) }
        return SignatureNote(place)
    }
}

extension SignatureNote {
    fileprivate init?(_ place: CallPlace) {
        var text = ""
        var current: (Int, Int)?
        for (index, parameter) in place.parameters.filter({ !$0.isNamedOnly }).enumerated() where index >= place.call.position {
            // What is typed already needs no note, unless something follows.
            if place.isBegun, parameter.isVariadic || (index == place.call.position && index == place.parameters.count - 1) { continue }
            if !text.isEmpty { text += ", " }
            let shown = Self.positional(parameter)
            if current == nil { current = (text.count, shown.count) }
            text += shown
        }
        let labels = place.openLabels.map { "\($0.name):" }.joined(separator: " ")
        if !labels.isEmpty { text += text.isEmpty ? labels : " · " + labels }
        guard !text.isEmpty else { return nil }
        self.text = text
        self.current = current.map { start, count in
            let from = text.index(text.startIndex, offsetBy: start)
            return from..<text.index(from, offsetBy: count)
        }
    }

    private static func positional(_ parameter: Parameter) -> String {
        if parameter.takesBlock { return "{ … }" }
        return switch parameter.presence {
        case .required: parameter.name
        case .optional: "[\(parameter.name)]"
        case .variadic: "\(parameter.name)…"
        }
    }
}
