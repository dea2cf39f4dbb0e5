import CProcess
import Glibc

/// What the process was started with.
struct ProcessEnvironment {
    let variables: [String: String]
    let workingDirectory: String

    init() {
        variables = Self.readVariables()
        workingDirectory = Self.readWorkingDirectory()
    }

    private static func readVariables() -> [String: String] {
        var variables: [String: String] = [:]
        for entry in texts(crate_process_environment()) {
            guard let sign = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            variables[String(entry[..<sign])] = String(entry[entry.utf8.index(after: sign)...])
        }
        return variables
    }

    private static func readWorkingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}

/// The words behind the program's name.
public enum ProcessArguments {
    public static var all: [String] { Array(texts(crate_process_arguments()).dropFirst()) }
}

private func texts(_ list: UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    var texts: [String] = []
    var next = list
    while let text = next?.pointee {
        texts.append(String(cString: text))
        next = next?.successor()
    }
    return texts
}
