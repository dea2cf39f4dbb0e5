import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

private let kindParameter = Parameter("kind", .kind, .optional, named: true, "the kind; by the file's extension when left out")

func readFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "read", "Read a file of any kind, outside a snapshot.", [Parameter("path", .path, "the file"), kindParameter],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.loadOptions(ofKind: $0) },
        examples: [#"write({a: 1}, "x.json"); print read("x.json")  # {"a": 1}"#]
    ) { [unowned session] call throws(Failure) in
        let path = try call.string(0) ?? ""
        let kind = try call.string(1)
        let options = try call.kindOptions()
        let crate = try session.crate()
        return value(from: try throwing { () throws(CrateError) in try crate.read(path, kind: kind, options: options) }, path: path)
    }
}

func writeFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "write", "Write a value to a file of any kind, outside a snapshot.",
        [Parameter("value", .any, "what is written"), Parameter("path", .path, "the file"), kindParameter],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.saveOptions(ofKind: $0) },
        examples: [#"write([1, 2], "x.json"); print read_text("x.json")"#]
    ) { [unowned session] call throws(Failure) in
        let path = try call.string(1) ?? ""
        let kind = try call.string(2)
        let options = try call.kindOptions()
        let content = try content(from: call.arguments[0] ?? .null)
        let crate = try session.crate()
        try throwing { () throws(CrateError) in try crate.write(content, to: path, kind: kind, options: options) }
        return .null
    }
}

func digestFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "digest", "Give the SHA-256 of an array's elements (C order, little-endian), of text, or of a file or folder, in hexadecimal.",
        [Parameter("value", .any, .optional, "an array or text"), Parameter("path", .path, .optional, named: true, "a file or folder instead")],
        examples: [#"digest("abc")[0:8]  # ba7816bf"#]
    ) { [unowned session] call throws(Failure) in
        if let path = try call.string(1) {
            return .string(try throwing { () throws(CrateError) in try session.files.digest(path) })
        }
        switch call.arguments[0] {
        case .string(let text)?: return .string(SHA256Digest.hex(of: Bytes(text.utf8)))
        case .object(let bytes as BytesObject)?: return .string(SHA256Digest.hex(of: bytes.bytes))
        case .some(let value):
            guard let tensor = try Tensor(value) else {
                throw Failure("type", "digest takes an array, bytes or text, not a value of type \(typeName(of: value))")
            }
            do throws(ArrayError) { return .string(try tensor.digest()) } catch { throw Failure(error) }
        case nil: throw Failure("argument", "digest needs an array, text, or `path:` with a file")
        }
    }
}
