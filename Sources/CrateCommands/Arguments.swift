import CrateLanguage
import CrateValues
import OpenCrate

/// Bound arguments as Swift values. The binder has checked their types already; a mismatch here names the parameter all
/// the same, for parameters that take `any`.
extension Call {
    func string(_ position: Int) throws(Failure) -> String? {
        switch argument(position) {
        case nil, .null: return nil
        case .string(let text): return text
        case .some(let other): throw wrongType(position, "text", other)
        }
    }

    func bool(_ position: Int) throws(Failure) -> Bool? {
        switch argument(position) {
        case nil, .null: return nil
        case .bool(let flag): return flag
        case .some(let other): throw wrongType(position, "true or false", other)
        }
    }

    func int(_ position: Int) throws(Failure) -> Int? {
        switch argument(position) {
        case nil, .null: return nil
        case .int(let number): return number
        case .some(let other): throw wrongType(position, "a whole number", other)
        }
    }

    /// A list of texts.
    func strings(_ position: Int) throws(Failure) -> [String]? {
        guard let value = argument(position), case .list(let list) = value else { return nil }
        var texts: [String] = []
        for item in list.items {
            guard case .string(let text) = item else { throw wrongType(position, "a list of texts", item) }
            texts.append(text)
        }
        return texts
    }

    func artifact(_ position: Int) throws(Failure) -> ArtifactObject {
        if case .object(let object)? = argument(position), let artifact = object as? ArtifactObject { return artifact }
        throw wrongType(position, "an artifact, such as text(\"notes.txt\")", argument(position) ?? .null)
    }

    /// The further options, for the engine to check against the kind's list.
    func kindOptions() throws(Failure) -> [String: Document] {
        var values: [String: Document] = [:]
        for option in options { values[option.name] = try optionValue(option.value) }
        return values
    }

    /// A sound keeps its rate; elsewhere it counts as its samples alone.
    private func optionValue(_ value: Value) throws(Failure) -> Document {
        guard case .object(let object) = value, let sound = object as? AudioObject else { return try document(from: value) }
        return .mapping(.init([(.string("data"), .tensor(sound.clip.samples)), (.string("sample_rate"), .integer(sound.clip.sampleRate))]))
    }

    private func argument(_ position: Int) -> Value? {
        arguments.indices.contains(position) ? arguments[position] : nil
    }

    private func wrongType(_ position: Int, _ wanted: String, _ value: Value) -> Failure {
        Failure("type", "argument \(position + 1) should be \(wanted), not a value of type \(typeName(of: value))", location: location)
    }
}

extension Value {
    /// A list of texts.
    static func strings(_ texts: [String]) -> Value { .list(ListObject(texts.map { .string($0) })) }
}

/// Runs engine code and turns its error into one of the language.
func throwing<Result>(_ body: () throws(CrateError) -> Result) throws(Failure) -> Result {
    do { return try body() } catch { throw Failure(error) }
}
