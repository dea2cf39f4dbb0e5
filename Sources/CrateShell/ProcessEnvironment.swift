import Glibc

/// What the process was started with.
struct ProcessEnvironment {
    let variables: [String: String]
    let workingDirectory: String

    init() {
        variables = Self.readVariables()
        workingDirectory = Self.readWorkingDirectory()
    }

    /// From `/proc`, since C's `environ` is a global that anyone may change.
    private static func readVariables() -> [String: String] {
        let descriptor = open("/proc/self/environ", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [:] }
        defer { close(descriptor) }
        var variables: [String: String] = [:]
        for entry in (readAll(descriptor) ?? []).split(separator: 0) {
            guard let sign = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            variables[String(decoding: entry[..<sign], as: UTF8.self)] = String(decoding: entry[(sign + 1)...], as: UTF8.self)
        }
        return variables
    }

    private static func readWorkingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}
