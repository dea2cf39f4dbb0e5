/// Which names a pickle may use.
extension Pickle {
    /// What a name in a pickle means for whoever would load it in Python.
    public enum Verdict: String, Sendable {
        /// Makes plain data, and is understood here.
        case harmless
        /// Some class or function that is only shown by name.
        case unknown
        /// Can run programs, read files or reach such functions.
        case dangerous
    }

    /// A class or function that a pickle asks for.
    public struct Import: Sendable, Equatable {
        /// Empty when the pickle does without a name, as when it calls the result of a call.
        public let module: String
        public let name: String
        /// The byte of the file at which it is asked for.
        public let position: Int
        public let verdict: Verdict
        /// The file inside of the file whose byte it is; `nil` for the file itself.
        public var member: String?

        public var qualifiedName: String { module.isEmpty ? name : "\(module).\(name)" }
    }

    /// Python 3 writes some modules by their Python 2 names in protocols 0 to 2, and numpy 2 renamed its core.
    static func presentModule(_ module: String) -> String {
        switch module {
        case "__builtin__": "builtins"
        case "copy_reg": "copyreg"
        case "numpy.core.multiarray": "numpy._core.multiarray"
        case "numpy.core.numeric": "numpy._core.numeric"
        default: module
        }
    }

    static func presentName(_ name: String, in module: String) -> String {
        guard module == "builtins" else { return name }
        switch name {
        case "xrange": return "range"
        case "long": return "int"
        case "unicode": return "str"
        default: return name
        }
    }

    /// Judges a name that no vocabulary knows. Only what is listed is harmless.
    static func verdict(module: String, name: String) -> Verdict {
        if harmlessNames.contains("\(module).\(name)") { return .harmless }
        if module.isEmpty || name.isEmpty || !isClassPath(name) { return .dangerous }
        let package = module.split(separator: ".").first.map(String.init) ?? module
        if standardModules.contains(package) || renamedModules.contains(package) || dangerousPackages.contains(package) || isDangerous(module) { return .dangerous }
        for part in name.split(separator: ".").map(String.init)
        where dangerousNames.contains(part) || standardModules.contains(part) || behaviouralAttributes.contains(part) { return .dangerous }
        return .unknown
    }

    /// A plain name, or a class inside a class. Any other dotted name walks attributes, which leads anywhere: `path.os.system`.
    private static func isClassPath(_ name: String) -> Bool {
        !name.contains(".") || name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { $0.first?.isUppercase ?? false }
    }

    /// Whether the module or one that holds it is listed. PyTorch's own activation functions are named by a module among those.
    private static func isDangerous(_ module: String) -> Bool {
        if module == "torch._C._nn" { return false }
        var rest = Substring(module)
        while true {
            if dangerousModules.contains(String(rest)) { return true }
            guard let dot = rest.lastIndex(of: ".") else { return false }
            rest = rest[..<dot]
        }
    }

    /// Attributes that say what an object is, not what it holds.
    static let behaviouralAttributes: Set<String> = [
        "__class__", "__bases__", "__base__", "__mro__", "__dict__", "__code__", "__globals__", "__builtins__", "__call__", "__init__",
        "__new__",
        "__reduce__", "__reduce_ex__", "__setstate__", "__getattr__", "__getattribute__", "__setattr__", "__del__", "__import__",
        "__subclasses__",
    ]
}
