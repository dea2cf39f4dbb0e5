// `x.name` and assignment to it. On a dict it is the key of that name.

extension Value {
    func member(_ name: String) throws(Failure) -> Value {
        switch self {
        case .dict(let dict):
            if let value = dict[name] { return value }
            throw dict.missing(.string(name))
        case .object(let object):
            if let value = try object.member(name) { return value }
            if object.method(name) != nil { throw Failure("type", "`\(name)` of \(object.typeName) is a method", hint: "call it: `.\(name)(…)`") }
            throw missing(name, among: object.memberNames)
        default:
            if BuiltInMethod.names(of: self).contains(name) {
                throw Failure("type", "`\(name)` of \(typeName(of: self)) is a method", hint: "call it: `.\(name)(…)`")
            }
            throw missing(name, among: BuiltInMethod.names(of: self))
        }
    }

    func setMember(_ name: String, to value: Value) throws(Failure) {
        switch self {
        case .dict(let dict): dict[name] = value
        case .object(let object):
            if try object.setMember(name, to: value) { return }
            if object.memberNames.contains(name) { throw Failure("name", "`\(name)` of \(object.typeName) can't be changed") }
            throw missing(name, among: object.memberNames)
        default: throw Failure("type", "a value of type \(typeName(of: self)) has no fields to assign to")
        }
    }

    func missing(_ name: String, among names: [String]) -> Failure {
        Failure("name", "\(typeName(of: self)) has no field `\(name)`", hint: nearest(name, in: names).map { "did you mean `\($0)`?" })
    }

    /// Whether `x[i][j] = v` must store `x[i]` back into this value.
    var isCopiedOnRead: Bool { if case .object(let object) = self { object.isCopiedOnRead } else { false } }
}
