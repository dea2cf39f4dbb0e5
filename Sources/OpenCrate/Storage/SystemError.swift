import Glibc

/// A refused system call: what was asked, of which path, and errno.
public struct SystemError: Error, Sendable, Equatable {
    /// The call's usual name: "open", "rename".
    public let operation: String
    public let path: String
    /// errno.
    public let code: Int32

    /// For what the engine itself can't do with a file, such as keeping a device.
    static let notSupported = Int32(ENOTSUP)

    public init(_ operation: String, _ path: String, _ code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}

extension CrateError {
    /// Wraps a refused system call under the path that the user knows.
    init(_ error: SystemError, path: String? = nil) {
        self = .system(operation: error.operation, path: path ?? error.path, code: error.code)
    }
}
