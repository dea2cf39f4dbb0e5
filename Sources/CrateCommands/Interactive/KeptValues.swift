import CrateLanguage

/// What the prompt's statements gave and were, for `_`, `Out[n]` and `In[n]`. The oldest are let go when together they take too much.
public final class KeptValues {
    private var values: [Int: (value: Value, size: Int)] = [:]
    private var oldest = 1
    private var total = 0
    private(set) var last: Value?
    /// The highest number that was kept.
    public private(set) var newest = 0
    /// Bytes that the values may take together. The newest is kept whatever it takes.
    private let capacity: Int
    /// `Out` or `In`.
    let name: String

    public static let standardCapacity = 256 << 20

    public init(_ name: String, capacity: Int = KeptValues.standardCapacity) {
        self.name = name
        self.capacity = capacity
    }

    public func keep(_ value: Value, number: Int) {
        let size = ValueSize.bytes(of: value)
        values[number] = (value, size)
        total += size
        (last, newest) = (value, number)
        while total > capacity, oldest < number {
            if let old = values.removeValue(forKey: oldest) { total -= old.size }
            oldest += 1
        }
    }

    var numbers: [Int] { values.keys.sorted() }

    /// - Parameter number: below zero counted from the newest.
    func value(_ number: Int) throws(Failure) -> Value {
        if number < 0, let found = numbers.dropLast(-(number + 1)).last, let kept = values[found] { return kept.value }
        if let kept = values[number] { return kept.value }
        if number > 0, number < oldest {
            throw Failure("index", "\(name)[\(number)] is not kept any more", hint: "the newest \(sizeText(capacity)) of values are; `let` keeps one for good")
        }
        let what = number > 0 && number < newest ? "statement \(number) gave no value" : "there is no \(name)[\(number)] yet"
        throw Failure("index", what, hint: numbers.isEmpty ? nil : "there are \(numbers.suffix(8).map { "\(name)[\($0)]" }.joined(separator: ", "))")
    }
}

/// `Out` and `In` at the prompt.
final class KeptObject: Object {
    private let kept: KeptValues
    init(_ kept: KeptValues) { self.kept = kept }

    /// Oldest first.
    var numbered: [(Int, Value)] { kept.numbers.compactMap { number in (try? kept.value(number)).map { (number, $0) } } }

    override var typeName: String { kept.name }
    override var count: Int? { kept.numbers.count }
    override var description: String {
        let lines = numbered.map { "\(kept.name)[\($0)]: \(KeptObject.summary($1))" }
        return lines.isEmpty ? "nothing yet" : lines.joined(separator: "\n")
    }

    private static func summary(_ value: Value) -> String {
        if case .string(let text) = value { return text.replacing("\n", with: "\n  ") }
        return Variables.typeAndShape(value).joined(separator: " ")
    }

    override func item(at position: Int) throws(Failure) -> Value {
        guard kept.numbers.indices.contains(position) else { throw Failure("index", "there is no item \(position)") }
        return try kept.value(kept.numbers[position])
    }

    override func element(_ indices: [Index]) throws(Failure) -> Value {
        guard indices.count == 1, case .at(.int(let number)) = indices[0] else {
            throw Failure("type", "\(kept.name) is indexed by a statement's number, as in \(kept.name)[1]")
        }
        return try kept.value(number)
    }
}

extension Session {
    /// Keeps values for the prompt from here on.
    public func keepValues(capacity: Int = KeptValues.standardCapacity) {
        (kept, statements) = (KeptValues("Out", capacity: capacity), KeptValues("In"))
    }

    /// The value of statement `number`, or the last one.
    public func keptValue(number: Int?) throws(Failure) -> Value? {
        if let number { return try kept?.value(number) }
        return try keptValue("_")
    }

    /// All of a value, over several lines where it is long.
    public func wholeText(_ value: Value) -> String { view(value, folding: Folding.none) }

    /// `_`, `Out` and `In`; `nil` where there is no prompt.
    func keptValue(_ name: String) throws(Failure) -> Value? {
        guard let kept, let statements else { return nil }
        switch name {
        case "_":
            guard let last = kept.last else { throw Failure("name", "there is no value yet for `_`", hint: "it is the last value that was shown as Out") }
            return last
        case "Out": return .object(KeptObject(kept))
        case "In": return .object(KeptObject(statements))
        default: return nil
        }
    }
}
