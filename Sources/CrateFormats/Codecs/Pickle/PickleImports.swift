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

    /// Judges a name that no vocabulary knows.
    static func verdict(module: String, name: String) -> Verdict {
        // A dotted name walks attributes, which leads anywhere: `os` and `path.os.system`.
        if name.contains(".") || module.isEmpty || name.isEmpty { return .dangerous }
        let package = module.split(separator: ".").first.map(String.init) ?? module
        if dangerousPackages.contains(package) || dangerousNames.contains("\(module).\(name)") { return .dangerous }
        if module == "builtins" { return harmlessBuiltins.contains(name) ? .harmless : .dangerous }
        return harmlessClasses.contains("\(module).\(name)") ? .harmless : .unknown
    }

    /// Attributes that say what an object is, not what it holds.
    static let behaviouralAttributes: Set<String> = [
        "__class__", "__bases__", "__base__", "__mro__", "__dict__", "__code__", "__globals__", "__builtins__", "__call__", "__init__",
        "__new__",
        "__reduce__", "__reduce_ex__", "__setstate__", "__getattr__", "__getattribute__", "__setattr__", "__del__", "__import__",
        "__subclasses__",
    ]

    /// Types that only name what they hold.
    private static let harmlessBuiltins: Set<String> = [
        "int", "float", "str", "bool", "list", "dict", "tuple", "object", "type", "range", "slice", "NotImplementedType", "Ellipsis",
        "ellipsis",
    ]

    /// Classes of the standard library that hold plain data; they are shown by name with their arguments.
    private static let harmlessClasses: Set<String> = [
        "collections.deque", "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone",
        "decimal.Decimal",
        "fractions.Fraction", "pathlib.PurePosixPath", "pathlib.PosixPath", "pathlib.PureWindowsPath", "pathlib.WindowsPath",
        "pathlib.Path",
        "uuid.UUID", "argparse.Namespace", "types.SimpleNamespace",
    ]

    /// Packages with which a pickle can run programs, touch files, open connections or load further code.
    private static let dangerousPackages: Set<String> = [
        "posix", "nt", "os", "sys", "subprocess", "_posixsubprocess", "commands", "popen2", "pty", "platform", "shutil", "tempfile",
        "socket", "ssl",
        "importlib", "imp", "runpy", "pkgutil", "zipimport", "code", "codeop", "ctypes", "_ctypes", "cffi", "marshal", "pickle", "_pickle",
        "dill",
        "cloudpickle", "shelve", "operator", "_operator", "functools", "_functools", "itertools", "webbrowser", "urllib", "urllib2", "http",
        "httplib",
        "requests", "aiohttp", "ftplib", "smtplib", "telnetlib", "asyncio", "multiprocessing", "concurrent", "threading", "_thread",
        "signal",
        "timeit", "trace", "profile", "cProfile", "pstats", "pdb", "bdb", "doctest", "unittest", "test", "idlelib", "lib2to3", "distutils",
        "setuptools", "pip", "venv", "ensurepip", "site", "gc", "inspect", "ast", "io", "_io", "fileinput", "glob", "mmap", "resource",
        "atexit",
        "logging", "linecache", "tokenize", "cgi", "bz2", "gzip", "lzma", "zipfile", "tarfile", "sqlite3", "dbm", "antigravity",
    ]

    private static let dangerousNames: Set<String> = [
        "types.FunctionType", "types.CodeType", "types.MethodType", "types.LambdaType", "codecs.open", "copyreg.add_extension",
        "torch.load",
        "torch.hub.load", "torch.serialization.load", "torch.jit.load", "joblib.load", "numpy.load", "numpy.fromfile", "numpy.memmap",
        "numpy.testing._private.utils.runstring", "numpy.f2py.crackfortran.myeval", "pandas.read_pickle", "pandas.eval",
    ]
}
