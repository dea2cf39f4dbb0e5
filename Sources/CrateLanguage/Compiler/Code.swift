/// What a call or access needs beyond its registers.
struct CallSite {
    var name = ""
    var argumentCount = 0
    /// Names of the last arguments.
    var labels: [String] = []
    var native: NativeFunction?
    var method = BuiltInMethod.none
    /// Of an interpolation: its pieces.
    var operands: [Int32] = []
    /// What stands between `[` and `]`, in order; each slice part given takes one register.
    var indices: [IndexShape] = []
    var hint: String?
    /// Methods of a handler.
    var methodNames: [String] = []
    /// A command statement without parentheses.
    var isCommand = false

    struct IndexShape {
        var isSlice = false
        var hasStart = false
        var hasStop = false
        var hasStep = false
    }
}

/// Where to go on after a failure inside a range of instructions.
struct Rescuer {
    enum Kind {
        /// The failure goes to the register, the one that was current before to the register after it.
        case catches
        /// 1, for “raise again”, goes to the register, the failure to the register after it.
        case cleansUp
        /// A `catch` block: makes the failure before its own current again, and looks on.
        case restores
    }
    let range: Range<Int>
    let target: Int
    let kind: Kind
    let register: Int
}

/// A function to be made of the code when a `def` runs.
struct Prototype {
    let code: Code
    /// Registers holding cells, or captures of the function around.
    let captures: [Source]

    enum Source {
        case register(Int)
        case capture(Int)
    }
}

/// The part of `Code` that a call needs: plain memory, so that calling touches no reference count.
struct CodeHeader {
    let instructions: UnsafeMutablePointer<Instruction>
    let constants: UnsafeMutablePointer<Value>
    let sites: UnsafeMutablePointer<CallSite>
    let registerCount: Int
    let parameterCount: Int
}

/// Compiled instructions of one function or source.
final class Code {
    let name: String
    let source: Source
    let parameters: [String]
    /// Parameters without a default come first.
    let requiredCount: Int
    let spans: [Span]
    let rescuers: [Rescuer]
    let prototypes: [Prototype]
    let failures: [Failure]
    let header: UnsafeMutablePointer<CodeHeader>
    private let counts: (instructions: Int, constants: Int, sites: Int)

    init(_ builder: CodeBuilder, name: String, source: Source, parameters: [String], requiredCount: Int) {
        self.name = name
        self.source = source
        self.parameters = parameters
        self.requiredCount = requiredCount
        spans = builder.spans
        rescuers = builder.rescuers
        prototypes = builder.prototypes
        failures = builder.failures
        counts = (builder.instructions.count, builder.constants.count, builder.sites.count)
        header = .allocate(capacity: 1)
        header.initialize(
            to: CodeHeader(
                instructions: Code.copied(builder.instructions), constants: Code.copied(builder.constants), sites: Code.copied(builder.sites),
                registerCount: builder.registerCount, parameterCount: parameters.count))
    }

    private static func copied<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        return memory
    }

    deinit {
        let parts = header.pointee
        parts.instructions.deallocate()
        parts.constants.deinitialize(count: counts.constants)
        parts.constants.deallocate()
        parts.sites.deinitialize(count: counts.sites)
        parts.sites.deallocate()
        header.deallocate()
    }

    /// Where the instruction at `index` comes from.
    func location(_ index: Int) -> Location {
        Location(source: source, span: spans.indices.contains(index) ? spans[index] : Span(0, 0))
    }
}
