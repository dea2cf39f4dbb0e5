import CrateLanguage
import Glibc

/// Everything up to the end; `nil` when reading fails, with the reason in `errno`.
func readAll(_ descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count == 0 { return bytes }
        if count > 0 { bytes.append(contentsOf: chunk[..<count]) } else if errno != EINTR { return nil }
    }
}

/// Writes all bytes; the reason in `errno` when it can't.
@discardableResult
func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
    bytes.withContiguousStorageIfAvailable { writeAll($0, to: descriptor) } ?? writeAll(Array(bytes), to: descriptor)
}

private func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count >= 0 { written += count } else if errno != EINTR { return false }
    }
    return true
}

@discardableResult
func writeAll(_ text: String, to descriptor: Int32) -> Bool { writeAll(text.utf8, to: descriptor) }

/// Puts `/dev/null` where a standard stream was closed by the caller: else the next file opened would take its number, and
/// output would be written into it.
func openClosedStandardStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
        _ = open("/dev/null", O_RDWR)
    }
}

func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

/// A program's text that is read before anything runs.
enum SourcePlace {
    case file(String)
    case standardInput

    var name: String {
        switch self {
        case .file(let path): path
        case .standardInput: "<stdin>"
        }
    }
}

func readSource(_ place: SourcePlace) throws(WrongUse) -> Source {
    var descriptor = STDIN_FILENO
    if case .file(let path) = place { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw WrongUse(unreadable(place, errno)) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    guard let bytes = readAll(descriptor) else { throw WrongUse(unreadable(place, errno)) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw WrongUse("\(place.name) is not UTF-8 text") }
    return Source(name: place.name, text: text)
}

private func unreadable(_ place: SourcePlace, _ code: Int32) -> String {
    if case .file(let path) = place, code == ENOENT, !path.contains("/"), !path.contains(".") {
        return "there is no command and no file called \(path); crate help lists the commands"
    }
    return "can't read \(place.name): \(systemMessage(code))"
}

/// Makes the folders that an absolute path leads through, as far as they are missing, for this user alone.
func makePrivateFolders(above path: String) {
    var folder = ""
    for part in path.pathParts().dropLast() {
        folder += "/" + part
        mkdir(folder, 0o700)
    }
}
