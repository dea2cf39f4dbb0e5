/// What `catch e` gives: the failure with its fields, as `e.kind` or `e["kind"]`.
public final class CaughtFailure: Object {
    public let failure: Failure

    public init(_ failure: Failure) { self.failure = failure }

    override public var typeName: String { "error" }

    override public var description: String { failure.message }

    override public var memberNames: [String] { ["kind", "message", "hint", "line", "column", "file", "stack"] }

    override public func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "kind": .string(failure.kind)
        case "message": .string(failure.message)
        case "hint": failure.hint.map { .string($0) } ?? .null
        case "line": failure.location.map { .int($0.position.line) } ?? .null
        case "column": failure.location.map { .int($0.position.column) } ?? .null
        case "file": failure.location.map { .string($0.source.name) } ?? .null
        case "stack": .list(ListObject(failure.stack.map(CaughtFailure.frame)))
        default: nil
        }
    }

    override public func element(_ indices: [Index]) throws(Failure) -> Value {
        if indices.count == 1, case .at(.string(let name)) = indices[0], let value = try member(name) { return value }
        throw Failure("key", "an error has the fields \(memberNames.joined(separator: ", "))")
    }

    override public func contains(_ item: Value) throws(Failure) -> Bool {
        if case .string(let name) = item { memberNames.contains(name) } else { false }
    }

    private static func frame(_ frame: Failure.Frame) -> Value {
        let dict = DictObject()
        dict["function"] = .string(frame.function)
        dict["file"] = .string(frame.location.source.name)
        dict["line"] = .int(frame.location.position.line)
        dict["column"] = .int(frame.location.position.column)
        return .dict(dict)
    }
}
